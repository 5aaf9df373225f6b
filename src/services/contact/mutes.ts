import type { Mute } from '../../../schemas/mute.js'
import { conditionFailure, databaseUnavailable, isTransactionConflict } from '../../database/faults.js'
import type { Entities } from '../../database/entities/index.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError, ruleBroken } from '../../wire/problem-error.js'
import { settingAttributes } from '../messaging/head.js'
import type { Heads } from '../messaging/heads.js'
import { pairOf } from '../messaging/pair.js'

/** Until when one is muted who is muted without end, in ms since the epoch: the last instant that RFC 3339 can write. */
export const withoutEnd = Date.parse('9999-12-31T23:59:59.999Z')

export interface Mutes {
  /**
   * A user wants to hear nothing of a conversation, for a time or without end: that is noted in it, for the user's devices. Costs 1 WCU.
   * @throws ProblemError validation_failed for a time that is past, conversation_not_found, self_conversation, reserved_user_id
   */
  mute: (userId: string, otherId: string, body: Mute) => Promise<void>
  /** Takes it back. Costs the same. @throws ProblemError conversation_not_found, self_conversation, reserved_user_id */
  unmute: (userId: string, otherId: string) => Promise<void>
}

export function createMutes ({ entities: { direct }, heads, clock }: { entities: Entities, heads: Heads, clock: Clock }): Mutes {
  async function set (userId: string, otherId: string, until: number): Promise<void> {
    const pair = pairOf(userId, otherId)
    const { mutedUntil, at } = settingAttributes(pair, userId)
    for await (const _ of attempts()) {
      try {
        const change = { [mutedUntil]: until, [at]: clock.now() }
        heads.learn(await direct.conversation.change({ conversationId: pair.conversationId }, change, {}))
        return
      } catch (error) {
        if (conditionFailure(error) !== undefined) throw new ProblemError('conversation_not_found')
        if (!isTransactionConflict(error)) throw error
      }
    }
    throw databaseUnavailable()
  }

  return {
    async mute (userId, otherId, { until }) {
      const at = until === undefined ? withoutEnd : Date.parse(until)
      // The schema's format lets pass leap seconds and offsets of hours alone, which ECMA-262 dates don't have.
      if (Number.isNaN(at)) throw ruleBroken('body', '/until', 'time')
      if (at <= clock.now()) throw ruleBroken('body', '/until', 'future')
      await set(userId, otherId, at)
    },

    unmute: async (userId, otherId) => await set(userId, otherId, 0)
  }
}

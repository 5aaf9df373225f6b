import type { BlockPage, ListBlocksQuery } from '../../../schemas/block.js'
import type { BlockItem } from '../../database/entities/block.js'
import type { ConversationItem } from '../../database/entities/conversation.js'
import { databaseUnavailable } from '../../database/faults.js'
import type { Write } from '../../database/direct/direct-entity.js'
import type { Entities } from '../../database/entities/index.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import type { Tell } from '../happenings.js'
import { settingAttributes } from '../messaging/head.js'
import type { Heads } from '../messaging/heads.js'
import { pairOf } from '../messaging/pair.js'
import type { Users } from '../users/users.js'
import { readBlocks, type BlockRelations } from './block-relations.js'

/** Why a transaction was refused, if trying again can help. */
const passing = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded'])
/** How often a page asks, where most of what it meets are blocks by others. */
const maxCalls = 4

export interface Blocks {
  /**
   * A user blocks another one, who may never have come; once is enough. From the answer on nothing is appended to their conversation but what
   * ends an offer, by whatever instance. Costs 6 WCU and 4 RCU; 3 RCU where it was so before.
   * @throws ProblemError self_conversation, reserved_user_id, database_unavailable
   */
  block: (userId: string, otherId: string) => Promise<void>
  /** Takes it back; of one that isn't there nothing comes. Costs the same. @throws as blocking does */
  unblock: (userId: string, otherId: string) => Promise<void>
  /**
   * Whom a user has blocked, by user id. Costs half an RCU for some 30 of them, and half a one for each whose directory entry isn't remembered. A page may
   * be short where many have blocked the user.
   * @throws ProblemError invalid_page_token
   */
  list: (userId: string, query: ListBlocksQuery) => Promise<BlockPage>
}

export function createBlocks ({ entities, relations, heads, users, pageTokens, clock, tell }: {
  entities: Entities, relations: BlockRelations, heads: Heads, users: Users, pageTokens: PageTokens, clock: Clock, tell: Tell
}): Blocks {
  const { direct } = entities
  const { block, conversation } = direct

  /** Makes the change that is to be made of what there is, all of it or nothing, until it is made; none is needed where there are no writes. */
  async function change (userId: string, otherId: string, writesFor: (own: BlockItem | undefined, head: ConversationItem | undefined) => Write[] | undefined) {
    const { conversationId } = pairOf(userId, otherId)
    for await (const _ of attempts()) {
      const [own, head] = await Promise.all([
        block.get({ userId, otherId }, { consistent: true }), conversation.get({ conversationId }, { consistent: true })
      ])
      const writes = writesFor(own, head)
      const refusals = writes === undefined ? undefined : await direct.transact(writes)
      if (refusals === undefined) {
        heads.forget(conversationId)
        await relations.changed(userId, otherId)
        return
      }
      const unexpected = refusals.find(({ code }) => !passing.has(code))
      if (unexpected !== undefined) throw new Error(`The transaction was cancelled: ${refusals.map(({ code }) => code).join(', ')}`)
    }
    throw databaseUnavailable()
  }

  /** What is written of the head, on condition that there is one, or none as yet: whoever makes it looks for a block. */
  function onHead (userId: string, otherId: string, head: ConversationItem | undefined, isBlocked: boolean): Write {
    const pair = pairOf(userId, otherId)
    const { conversationId } = pair
    const now = clock.now()
    const { blocked, at } = settingAttributes(pair, userId)
    if (head === undefined) return conversation.check({ conversationId }, { absent: true })
    return isBlocked
      ? conversation.update({ conversationId }, { [blocked]: now, [at]: now }, {})
      : conversation.update({ conversationId }, { [at]: now }, {}, [blocked])
  }

  return {
    async block (userId, otherId) {
      await change(userId, otherId, (own, head) => own?.blockedAt !== undefined
        ? undefined
        : [
            block.upsert({ userId, otherId, blockedAt: clock.now() }),
            block.upsert({ userId: otherId, otherId: userId, blockedBy: true }),
            onHead(userId, otherId, head, true)
          ])
      tell({ type: 'blocked', userId, otherId })
    },

    async unblock (userId, otherId) {
      await change(userId, otherId, (own, head) => {
        if (own?.blockedAt === undefined) return undefined
        const [ownKey, otherKey] = [{ userId, otherId }, { userId: otherId, otherId: userId }]
        // The items go when neither has blocked the other any more.
        const items = own.blockedBy === true
          ? [block.update(ownKey, {}, { having: ['blockedBy'] }, ['blockedAt']), block.update(otherKey, {}, { having: ['blockedAt'] }, ['blockedBy'])]
          : [block.remove(ownKey, { lacking: ['blockedBy'] }), block.remove(otherKey, { lacking: ['blockedAt'] })]
        return [...items, onHead(userId, otherId, head, false)]
      })
    },

    async list (userId, { limit = 20, pageToken }) {
      const scope = [userId, 'blocks']
      let after = pageToken === undefined ? undefined : pageTokens.read<string>(scope, pageToken)
      const found: BlockItem[] = []
      let more = true
      for (let calls = 0; more && found.length < limit && calls < maxCalls; calls++) {
        const page = await readBlocks(entities, userId, { after, limit: limit - found.length, consistent: false })
        found.push(...page.items.filter(({ blockedAt }) => blockedAt !== undefined))
        after = page.items.at(-1)?.otherId ?? after
        more = page.more
      }
      const others = await users.profiles(found.map(({ otherId }) => otherId), new Set())
      return {
        blocks: found.map(({ blockedAt = 0 }, n) => {
          const { userId, username } = others[n]!
          return { userId, username, blockedAt: new Date(blockedAt).toISOString() }
        }),
        nextPageToken: more ? pageTokens.issue(scope, after) : null
      }
    }
  }
}

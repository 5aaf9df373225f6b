import type { Direct } from '../../database/direct/index.js'
import type { ProblemError } from '../../wire/problem-error.js'
import type { Heads } from '../messaging/heads.js'
import type { Pair } from '../messaging/pair.js'
import type { Suspensions } from '../moderation/suspensions.js'
import type { ContactRules } from './contact-rules.js'

/**
 * Whether a user may write to another one, as far as can be told before there is something to write: what it is written on condition of decides. Costs
 * 1 RCU where the head isn't remembered, or doesn't let one write.
 * @throws ProblemError suspended, blocked, contact_not_allowed, reply_awaited
 */
export type MayWrite = (pair: Pair, senderId: string, receiverId: string) => Promise<void>

export function createMayWrite ({ direct, heads, rules, suspensions }: {
  direct: Direct, heads: Heads, rules: ContactRules, suspensions: Suspensions
}): MayWrite {
  return async ({ conversationId }, senderId, receiverId) => {
    const suspended = await suspensions.refusalOf(senderId)
    if (suspended !== undefined) throw suspended
    const wish = { senderId, receiverId, content: { messageType: 'text' as const } }
    const remembered = heads.recall(conversationId)
    if (remembered !== undefined && await rules.refusalAfter(remembered, wish) === undefined) return
    const head = await direct.conversation.get({ conversationId }, { consistent: true })
    if (head !== undefined) heads.learn(head)
    const refusal: ProblemError | undefined = await rules.refusalAfter(head, wish)
    if (refusal !== undefined) throw refusal
  }
}

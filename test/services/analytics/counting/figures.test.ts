import fc from 'fast-check'
import t from 'tap'
import { createEntities } from '../../../../src/database/entities/index.js'
import type { DatabaseClient } from '../../../../src/database/database-client.js'
import { addMove } from '../../../../src/services/analytics/counting/add-move.js'
import { Additions } from '../../../../src/services/analytics/counting/additions.js'
import { figuresOf } from '../../../../src/services/analytics/counting/figures.js'
import { joinParts, partsOf } from '../../../../src/services/analytics/counting/parts.js'
import type { Move, Terms } from '../../../../src/services/trading/negotiation.js'
import { storeMove } from '../../../../src/services/trading/offers.js'

const at = Date.parse('2026-11-22T10:00:00Z')
const terms: Terms = { price: 27_000, currency: 'EUR', amount: 12_500, startAt: at + 3_600_000, expiresAt: at + 1_800_000 }

/** An offer of alice to bob, after its opening and some moves. */
function offer (moves: Move[], opening: Partial<Terms> = {}) {
  const all: Move[] = [{ action: 'offer', by: 'sender', at, terms: { ...terms, ...opening } }, ...moves]
  const parties = { messageId: 'm', senderId: 'alice', receiverId: 'bob', tradeType: 'sell' as const }
  return all.reduce((stored, move, n) => storeMove(parties, stored?.moves ?? [], move, { seq: n + 1 }), undefined as ReturnType<typeof storeMove> | undefined)!
}

const accept = (after: number): Move => ({ action: 'accept', by: 'receiver', at: at + after })
const counter = (price: number, currency = 'EUR'): Move => ({ action: 'counter', by: 'receiver', at: at + 1, terms: { ...terms, price, currency } })

t.test('an expiry counts when the terms ran out, however late it is recorded', async t => {
  t.strictSame(figuresOf(offer([{ action: 'expire', by: 'time', at: at + 86_400_000 * 3 }])), { at: terms.expiresAt, currency: 'EUR', activity: { expired: 1 } })
})

t.test('other moves count when they were made, under the currency of the terms that were on the table', async t => {
  t.strictSame(figuresOf(offer([])), { at, currency: 'EUR', activity: { opened: 1 } })
  t.strictSame(figuresOf(offer([counter(1, 'USD'), { action: 'reject', by: 'sender', at: at + 7 }])), { at: at + 7, currency: 'USD', activity: { rejected: 1 } })
  t.strictSame(figuresOf(offer([{ action: 'withdraw', by: 'sender', at: at + 7 }])), { at: at + 7, currency: 'EUR', activity: { withdrawn: 1 } })
})

t.test('an agreement is in the class of the time that it took', async t => {
  const classes = [
    [-5, 0, 0], [0, 0, 0], [60_000, 60_000, 0], [60_001, 60_001, 1], [300_000, 300_000, 1], [900_000, 900_000, 2], [900_001, 900_001, 3], [3_600_000, 3_600_000, 3],
    [14_400_000, 14_400_000, 4], [86_400_000, 86_400_000, 5], [604_800_000, 604_800_000, 6], [604_800_001, 604_800_001, 7]
  ] as const
  for (const [after, milliseconds, timeClass] of classes) {
    const { activity } = figuresOf(offer([accept(after)]))
    t.strictSame(activity, { accepted: 1, revisions: 1, milliseconds, [`time${timeClass}`]: 1, spreads: 1, spread0: 0, spread1: 0 }, `${after} ms`)
  }
})

t.test('the spread is in whole basis points of the opening price, rounded half to even, where both have a currency', async t => {
  for (const [opening, agreed, spread] of [
    [27_000, 26_001, -370n], [100_000, 100_005, 0n], [100_000, 100_015, 2n], [100_000, 99_995, 0n], [100_000, 99_985, -2n], [100_000, 99_984, -2n], [1, 100_000_000_000, 999_999_999_990_000n],
    [100_000_000_000, 1, -10_000n]
  ] as const) {
    const { activity: { spreads, spread0, spread1 } } = figuresOf(offer([counter(agreed), { ...accept(9), by: 'sender' } as Move], { price: opening }))
    t.strictSame([spreads, joinParts([spread0!, spread1!])], [1, spread], `${opening} to ${agreed}`)
  }
  const { activity, currency } = figuresOf(offer([counter(1, 'USD'), { ...accept(9), by: 'sender' } as Move]))
  t.strictSame([activity.spreads, activity.spread0, activity.revisions, currency], [undefined, undefined, 2, 'USD'])
})

t.test('the largest terms stay exact', async t => {
  const { agreed } = figuresOf(offer([accept(9)], { price: 100_000_000_000, amount: 1_000_000_000_000 }))
  t.strictSame(agreed, { startAt: terms.startAt, amounts: { trades: 1, energy0: 0, energy1: 10_000, value0: 0, value1: 0, value2: 10_000_000 } })
})

t.test('parts make up the integer, and sums of parts the sum', async () => {
  const integer = fc.bigInt({ min: -(10n ** 23n), max: 10n ** 23n })
  fc.assert(fc.property(fc.array(integer, { minLength: 1, maxLength: 50 }), integers => {
    const parts = integers.map(value => partsOf(value, 3))
    const sums = [0, 1, 2].map(n => parts.reduce((sum, part) => sum + part[n]!, 0))
    return sums.every(Number.isSafeInteger) && joinParts(sums) === integers.reduce((sum, value) => sum + value, 0n)
  }))
})

t.test('what is added to the same item is written once, and nothing is written that is zero', async t => {
  const { direct } = createEntities({ client: { send: async () => ({}) } as unknown as DatabaseClient, table: 'none' })
  const additions = new Additions()
  const target = { generation: 1, salt: 'c2FsdA==', granularity: 'hour' as const, isErased: () => false }
  // Accepted in the quarter hour in which the delivery begins.
  const moves = offer([accept(60_000)], { startAt: at + 120_000 })
  addMove(additions, { conversationId: 'alice~bob', seq: 2, offer: moves }, target)
  t.equal(additions.size, 6)
  const [slot] = additions.writes(direct) as [{ Update: { UpdateExpression: string, ExpressionAttributeValues: Record<string, unknown> } }]
  t.match(slot.Update.UpdateExpression, / ADD .*#add_accepted :add_accepted/)
  t.notMatch(slot.Update.UpdateExpression, /spread0|energy1|value2/)
  t.match(slot.Update.ExpressionAttributeValues, { ':add_accepted': 1, ':add_trades': 1, ':add_energy0': 12_500, ':add_value0': 37_500_000, ':add_value1': 3 })

  addMove(additions, { conversationId: 'alice~bob', seq: 1, offer: offer([]) }, target)
  t.equal(additions.size, 6)
  addMove(additions, { conversationId: 'alice~bob', seq: 2, offer: offer([accept(60_000)]) }, target)
  t.equal(additions.size, 9, 'another delivery: two slots more, and a cell; with the same in the same month')
})

import fc from 'fast-check'
import type { TradeOffer } from '../../schemas/trade-offer.js'
import { later } from './trades.js'

const minute = 60_000

/** Makes a request until it is answered: whether it is a user's token or a server that is killed now and then doesn't matter here. */
export type Ask = (userId: string, path: string, body: object) => Promise<{ status: number, body: unknown }>

const decimal = (places: number, most: number) => fc.oneof(
  fc.constantFrom(1 / 10 ** places, most, 0.27, 0.3), fc.integer({ min: 1, max: most * 10 ** places }).map(value => value / 10 ** places), fc.integer({ min: 1, max: 100_000 }).map(value => value / 10 ** Math.min(places, 3)))

/** Within the year that a user may look at; some of them at the same time. */
const minutesAhead = fc.oneof(fc.constantFrom(120, 1440, 60 * 24 * 200), fc.integer({ min: 60, max: 60 * 24 * 350 }))

const given = { pricePerUnit: decimal(5, 1_000_000), totalAmount: decimal(3, 1_000_000_000), currency: fc.constantFrom('EUR', 'EUR', 'USD', 'INR'), minutesAhead }

const answer = fc.oneof(
  { weight: 4, arbitrary: fc.record({ response: fc.constant('counter' as const), ...given }, { requiredKeys: ['response', 'pricePerUnit'] }) },
  { weight: 4, arbitrary: fc.record({ response: fc.constant('accept' as const) }) },
  { weight: 1, arbitrary: fc.record({ response: fc.constantFrom('reject' as const, 'withdraw' as const) }) }
)

/** A negotiation of any two of some users, to any end, or left open. */
export const negotiation = fc.record({
  parties: fc.tuple(fc.nat(3), fc.nat(2)),
  tradeType: fc.constantFrom('sell' as const, 'buy' as const),
  opening: fc.record(given),
  answers: fc.array(answer, { maxLength: 6 }),
  /** Whether it runs out soon where nobody ends it before. */
  isBrief: fc.boolean()
})

export type NegotiationPlan = typeof negotiation extends fc.Arbitrary<infer Plan> ? Plan : never

/** Plays a negotiation, through HTTP. @param users four of them @returns its offer as it was last seen; undefined if it ran out before it was there */
export async function negotiate (ask: Ask, users: readonly string[], { parties: [one, other], tradeType, opening, answers, isBrief }: NegotiationPlan): Promise<TradeOffer | undefined> {
  const senderId = users[one]!
  const receiverId = users.filter(id => id !== senderId)[other]!
  const opened = await ask(senderId, `/${receiverId}`, { messageType: 'tradeOffer', tradeType, ...termsOf(opening), ...(isBrief && { expiresAt: later(1500) }) })
  // On a busy machine the terms may have run out before they are there.
  if (opened.status === 400 && isBrief) return undefined
  if (opened.status !== 201) throw new Error(JSON.stringify(opened))
  let { tradeOffer: offer } = opened.body as { tradeOffer: TradeOffer }
  for (const { response, ...counter } of answers) {
    const { messageId, awaiting, revision } = offer
    if (awaiting === null) break
    const mover = response === 'withdraw' ? [senderId, receiverId].find(id => id !== awaiting)! : awaiting
    const answered = await ask(mover, `/trades/${messageId}/respond`, { response, revision, ...termsOf(counter) })
    // It has run out.
    if (answered.status === 409) break
    if (answered.status === 400 && isBrief) continue
    if (answered.status !== 200) throw new Error(JSON.stringify(answered))
    offer = answered.body as TradeOffer
  }
  return offer
}

function termsOf ({ minutesAhead: ahead, ...terms }: { minutesAhead?: number, pricePerUnit?: number, totalAmount?: number, currency?: string }) {
  return { ...terms, ...(ahead !== undefined && { startTime: later(ahead * minute) }) }
}

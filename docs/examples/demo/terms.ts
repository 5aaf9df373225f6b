import type { TradeOfferWithHistory, TradeTerms } from 'equilux-chat-client'
import { priceOf, type Standing, type Strategy } from './strategy.js'

const unitsPerPrice = 100_000
const hour = 3_600_000
/** How long an offer stands, in ms. */
const standsFor = 2 * hour

/** A price on the wire, from 10⁻⁵. */
export const toPrice = (units: number) => units / unitsPerPrice
/** In 10⁻⁵; what is on the wire has no more decimals. */
export const toUnits = (price: number) => Math.round(price * unitsPerPrice)

/**
 * The terms with which a strategy opens a negotiation: one of its amounts, at the next few times that suit it.
 * @param now in ms since the epoch
 * @param random from 0 up to 1
 */
export function openingTerms (strategy: Strategy, now: number, random: () => number): TradeTerms {
  const { side: tradeType, amounts, hours } = strategy
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]!
  const start = pick(startsAfter(now + standsFor, hours).slice(0, 4))
  const [startTime, endTime, expiresAt] = [start, start + 2 * hour, now + standsFor].map(time => new Date(time).toISOString())
  return { pricePerUnit: toPrice(priceOf(strategy, 0)), totalAmount: pick(amounts), startTime: startTime!, endTime, expiresAt, tradeType }
}

/** The full hours of the next two days after a time that are among some, in order. */
function startsAfter (time: number, hours: readonly number[]): number[] {
  const next = Math.ceil(time / hour) * hour
  return Array.from({ length: 48 }, (_, n) => next + n * hour).filter(start => hours.includes(new Date(start).getHours()))
}

/** How an offer stands for one of its parties. @param me whose turn it is */
export function standingOf ({ senderId, currentProposal, negotiationHistory }: TradeOfferWithHistory, me: string): Standing {
  const { pricePerUnit, totalAmount: amount, tradeType } = currentProposal
  const isSeller = (tradeType === 'sell') === (senderId === me)
  return {
    side: isSeller ? 'sell' : 'buy',
    price: toUnits(pricePerUnit),
    amount,
    proposed: negotiationHistory.filter(({ userId, terms }) => userId === me && terms !== undefined).length
  }
}

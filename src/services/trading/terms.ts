import { amountDecimals, priceDecimals, type Proposal, type TradeTerms } from '../../../schemas/trade-offer.js'
import { ruleBroken } from '../../wire/problem-error.js'
import { fromUnits, multiplyUnits, toUnits } from '../../shared/decimal.js'
import { isoTime } from '../../shared/iso-time.js'
import type { Terms } from './negotiation.js'

const maxYearsAhead = 5

/**
 * The terms of an opening as integers.
 * @param given numbers within the bounds and decimals of the schema
 * @param currency for terms that name none
 * @param now ms since the epoch
 * @throws ProblemError validation_failed for times that aren't in order
 */
export function openingTerms (given: TradeTerms, { currency, now }: { currency: string, now: number }): Terms {
  const { startAt, endAt, expiresAt } = readTimes(given, now)
  const start = startAt as number
  return inOrder({
    price: toUnits(given.pricePerUnit, priceDecimals),
    currency: given.currency ?? currency,
    amount: toUnits(given.totalAmount, amountDecimals),
    startAt: start,
    ...(endAt === undefined ? {} : { endAt }),
    expiresAt: expiresAt ?? start
  }, '/endTime')
}

/**
 * The terms of a counter as integers: those that it leaves out are as in the terms that it counters. An expiry at the start
 * of delivery stays there.
 * @param given as for an opening
 * @param before the terms countered, with their type of trade
 * @param now ms since the epoch
 * @throws ProblemError validation_failed for another type, and for times that aren't in order
 */
export function counterTerms (given: Partial<TradeTerms>, before: Terms & Pick<Proposal, 'tradeType'>, now: number): Terms {
  const { pricePerUnit, totalAmount, currency, tradeType } = given
  if (tradeType !== undefined && tradeType !== before.tradeType) throw ruleBroken('body', '/tradeType', 'unchanged')
  const times = readTimes(given, now)
  const startAt = times.startAt ?? before.startAt
  const endAt = times.endAt ?? before.endAt
  const carried = before.expiresAt === before.startAt ? startAt : Math.min(before.expiresAt, startAt)
  return inOrder({
    price: pricePerUnit === undefined ? before.price : toUnits(pricePerUnit, priceDecimals),
    currency: currency ?? before.currency,
    amount: totalAmount === undefined ? before.amount : toUnits(totalAmount, amountDecimals),
    startAt,
    ...(endAt === undefined ? {} : { endAt }),
    expiresAt: times.expiresAt ?? carried
  }, times.endAt === undefined ? '/startTime' : '/endTime')
}

/** Stored terms as others see them, with the exact total. */
export function showTerms (terms: Terms, tradeType: Proposal['tradeType'], proposedBy: string): Proposal {
  return {
    pricePerUnit: fromUnits(terms.price, priceDecimals),
    currency: terms.currency,
    totalAmount: fromUnits(terms.amount, amountDecimals),
    totalPrice: multiplyUnits(terms.price, terms.amount, priceDecimals + amountDecimals),
    startTime: isoTime(terms.startAt),
    endTime: terms.endAt === undefined ? undefined : isoTime(terms.endAt),
    tradeType,
    expiresAt: isoTime(terms.expiresAt),
    proposedBy
  }
}

type Times = Pick<TradeTerms, 'startTime' | 'endTime' | 'expiresAt'>

/** The times given, each by itself in order. */
function readTimes (given: Partial<Times>, now: number) {
  const latest = new Date(now)
  latest.setUTCFullYear(latest.getUTCFullYear() + maxYearsAhead)
  const read = (name: keyof Times) => given[name] === undefined ? undefined : readTime(given[name], `/${name}`, now, latest.getTime())
  return { startAt: read('startTime'), endAt: read('endTime'), expiresAt: read('expiresAt') }
}

function readTime (text: string, path: string, now: number, latest: number): number {
  const at = Date.parse(text)
  // The schema's format lets pass leap seconds and offsets of hours alone, which ECMA-262 dates don't have.
  if (Number.isNaN(at)) throw ruleBroken('body', path, 'time')
  if (at <= now) throw ruleBroken('body', path, 'future')
  if (at > latest) throw ruleBroken('body', path, 'yearsAhead', { limit: maxYearsAhead })
  return at
}

/** Terms whose times are in order. @param endBlamed the path of what makes delivery end before it starts */
function inOrder (terms: Terms, endBlamed: '/startTime' | '/endTime'): Terms {
  const { startAt, endAt, expiresAt } = terms
  if (endAt !== undefined && endAt <= startAt) {
    throw endBlamed === '/endTime' ? ruleBroken('body', endBlamed, 'after', { other: 'startTime' }) : ruleBroken('body', endBlamed, 'beforeCarriedOver', { other: 'endTime' })
  }
  if (expiresAt > startAt) throw ruleBroken('body', '/expiresAt', 'notAfter', { other: 'startTime' })
  return terms
}

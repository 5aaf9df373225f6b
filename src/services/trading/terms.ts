import { amountDecimals, priceDecimals, type Proposal, type TradeTerms } from '../../../schemas/trade-offer.js'
import { ProblemError } from '../../wire/problem-error.js'
import { fromUnits, multiplyUnits, toUnits } from '../../shared/decimal.js'
import type { Terms } from './negotiation.js'

const maxYearsAhead = 5

/**
 * Proposed terms as integers.
 * @param terms numbers within the bounds and decimals of the schema
 * @param currency for terms that name none
 * @param now ms since the epoch
 * @param path where in the body the terms are, as a JSON Pointer
 * @throws ProblemError validation_failed for times that aren't in order
 */
export function readTerms (terms: TradeTerms, { currency, now, path }: { currency: string, now: number, path: string }): Terms {
  const horizon = new Date(now)
  horizon.setUTCFullYear(horizon.getUTCFullYear() + maxYearsAhead)
  const startAt = readTime(terms.startTime, `${path}/startTime`)
  const endAt = terms.endTime === undefined ? undefined : readTime(terms.endTime, `${path}/endTime`)
  const expiresAt = terms.expiresAt === undefined ? startAt : readTime(terms.expiresAt, `${path}/expiresAt`)
  if (startAt <= now) throw refused(`${path}/startTime`, 'must be in the future')
  if (startAt > horizon.getTime()) throw refused(`${path}/startTime`, `must be at most ${maxYearsAhead} years ahead`)
  if (endAt !== undefined && endAt <= startAt) throw refused(`${path}/endTime`, 'must be after startTime')
  if (endAt !== undefined && endAt > horizon.getTime()) throw refused(`${path}/endTime`, `must be at most ${maxYearsAhead} years ahead`)
  if (expiresAt <= now) throw refused(`${path}/expiresAt`, 'must be in the future')
  if (expiresAt > startAt) throw refused(`${path}/expiresAt`, 'must not be after startTime')
  return {
    price: toUnits(terms.pricePerUnit, priceDecimals),
    currency: terms.currency ?? currency,
    amount: toUnits(terms.totalAmount, amountDecimals),
    startAt,
    ...(endAt === undefined ? {} : { endAt }),
    expiresAt
  }
}

/** Stored terms as others see them, with the exact total. */
export function showTerms (terms: Terms, tradeType: Proposal['tradeType'], proposedBy: string): Proposal {
  return {
    pricePerUnit: fromUnits(terms.price, priceDecimals),
    currency: terms.currency,
    totalAmount: fromUnits(terms.amount, amountDecimals),
    totalPrice: multiplyUnits(terms.price, terms.amount, priceDecimals + amountDecimals),
    startTime: new Date(terms.startAt).toISOString(),
    endTime: terms.endAt === undefined ? undefined : new Date(terms.endAt).toISOString(),
    tradeType,
    expiresAt: new Date(terms.expiresAt).toISOString(),
    proposedBy
  }
}

function readTime (text: string, path: string): number {
  const at = Date.parse(text)
  // The schema's format lets pass leap seconds and offsets of hours alone, which ECMA-262 dates don't have.
  if (Number.isNaN(at)) throw refused(path, 'must be a time without a leap second, its offset in hours and minutes')
  return at
}

function refused (path: string, message: string): ProblemError {
  return new ProblemError('validation_failed', `body${path} ${message}`, { errors: [{ path, message }] })
}

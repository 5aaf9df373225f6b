import type { ZonedDateTime } from '@internationalized/date'
import type { Proposal, TradeTerms } from 'equilux-chat-client'
import { expiresAtStart } from '../standing.js'
import type { Draft, Writing } from './draft.js'
import type { Fault, Faults } from './fault.js'
import { faultOfEnergy, faultOfPrice, readEnergy, readPrice } from './numbers.js'

/** What a draft comes to: terms to send, or what is wrong. */
export type Checked<Terms> = { terms: Terms, faults?: undefined } | { faults: Faults, terms?: undefined }

const maxYearsAhead = 5
const maxText = 4000

/**
 * The terms of a new offer, by the rules of the server.
 * @param now ms since the epoch, by the server's clock
 */
export function checkOffer (draft: Draft, writing: Writing, now: number): Checked<TradeTerms> {
  const faults = faultsOf(draft, writing, now)
  const read = readDraft(draft, writing)
  if (read === undefined || Object.keys(faults).length > 0) return { faults }
  const { endTime, expiresAt, ...terms } = read
  return { terms: { ...terms, tradeType: draft.side, ...endTime && { endTime }, ...expiresAt && { expiresAt } } }
}

/** The terms that a counter-offer changes: those left out stay as they stand. */
export type CounterTerms = Partial<Omit<TradeTerms, 'tradeType' | 'clientId'>>

/**
 * What a draft changes of standing terms, by the rules of the server.
 * @param now ms since the epoch, by the server's clock
 */
export function checkCounter (draft: Draft, standing: Proposal, writing: Writing, now: number): Checked<CounterTerms> {
  const faults = faultsOf(draft, writing, now, standing)
  if (standing.endTime !== undefined && draft.end === null) faults.end ??= { id: 'trades.fault.endStays' }
  const read = readDraft(draft, writing)
  if (read === undefined || Object.keys(faults).length > 0) return { faults }
  const terms = changesOf(read, standing)
  return Object.keys(terms).length === 0 ? { faults: { form: { id: 'trades.fault.unchanged' } } } : { terms }
}

type ReadTerms = Required<Pick<TradeTerms, 'pricePerUnit' | 'totalAmount' | 'currency' | 'startTime'>> & Pick<TradeTerms, 'endTime' | 'expiresAt'>

/** The terms of a draft as they will be shown, as far as they can be read; the side is told beside them. */
export function readDraft ({ energy, price, currency, start, end, expires }: Draft, writing: Writing): ReadTerms | undefined {
  const totalAmount = readEnergy(energy, writing)
  const pricePerUnit = readPrice(price, currency, writing)
  if (totalAmount === undefined || pricePerUnit === undefined || start === null) return undefined
  return { pricePerUnit, totalAmount, currency, startTime: start.toAbsoluteString(), endTime: end?.toAbsoluteString(), expiresAt: expires?.toAbsoluteString() }
}

function changesOf (read: ReadTerms, standing: Proposal): CounterTerms {
  const { pricePerUnit, totalAmount, currency, startTime, endTime, expiresAt = startTime } = read
  // As the server carries it over: an expiry at the start of delivery stays there.
  const carried = expiresAtStart(standing) || isBefore(startTime, standing.expiresAt) ? startTime : standing.expiresAt
  return {
    ...pricePerUnit !== standing.pricePerUnit && { pricePerUnit },
    ...totalAmount !== standing.totalAmount && { totalAmount },
    ...currency !== standing.currency && { currency },
    ...!isSame(startTime, standing.startTime) && { startTime },
    ...endTime !== undefined && !isSame(endTime, standing.endTime) && { endTime },
    ...!isSame(expiresAt, carried) && { expiresAt }
  }
}

function faultsOf (draft: Draft, writing: Writing, now: number, standing?: Proposal): Faults {
  const { start, end, expires } = draft
  const faults: Faults = {
    energy: faultOfEnergy(draft.energy, writing),
    price: faultOfPrice(draft.price, draft.currency, writing),
    start: start === null ? { id: 'trades.fault.startMissing' } : faultOfTime(start, now, standing?.startTime),
    end: end === null ? undefined : faultOfTime(end, now, standing?.endTime),
    expires: expires === null ? undefined : faultOfTime(expires, now, standing?.expiresAt),
    text: Array.from(draft.text.trim()).length > maxText ? { id: 'trades.fault.textLong', values: { max: maxText } } : undefined
  }
  if (start !== null && end !== null && end.compare(start) <= 0) faults.end ??= { id: 'trades.fault.endFirst' }
  if (start !== null && expires !== null && expires.compare(start) > 0) faults.expires ??= { id: 'trades.fault.expiresLate' }
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined))
}

function faultOfTime (time: ZonedDateTime, now: number, standing: string | undefined): Fault | undefined {
  const at = time.toDate().getTime()
  // What stands was in order when it was proposed.
  if (standing !== undefined && at === Date.parse(standing)) return undefined
  const latest = new Date(now)
  latest.setUTCFullYear(latest.getUTCFullYear() + maxYearsAhead)
  if (at <= now) return { id: 'trades.fault.past' }
  if (at > latest.getTime()) return { id: 'trades.fault.far', values: { years: maxYearsAhead } }
  return undefined
}

function isSame (one: string, other: string | undefined): boolean {
  return other !== undefined && Date.parse(one) === Date.parse(other)
}

function isBefore (one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other)
}

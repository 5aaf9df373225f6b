import type { TradeOffer } from 'equilux-chat-client'
import { otherOf, sideOf } from '../offers/standing.js'
import { compareDecimals } from './decimals.js'
import { statuses, type Column, type Sorting } from './filter.js'

export interface SortContext {
  me: string
  nameOf: (userId: string) => string
  /** Compares names as the reader's language does. */
  compareNames: (one: string, other: string) => number
}

type Compare = (one: TradeOffer, other: TradeOffer, context: SortContext) => number

const compareTimes = (one: string, other: string) => Date.parse(one) - Date.parse(other)
const ofCurrency = (of: (offer: TradeOffer) => string | number): Compare => (one, other) =>
  one.currentProposal.currency.localeCompare(other.currentProposal.currency, 'en') || compareDecimals(of(one), of(other))

const comparisons: Record<Column, Compare> = {
  other: (one, other, { me, nameOf, compareNames }) => compareNames(nameOf(otherOf(one, me)), nameOf(otherOf(other, me))),
  side: (one, other, { me }) => Number(sideOf(one, me) === 'buy') - Number(sideOf(other, me) === 'buy'),
  energy: (one, other) => compareDecimals(one.currentProposal.totalAmount, other.currentProposal.totalAmount),
  price: ofCurrency(({ currentProposal }) => currentProposal.pricePerUnit),
  total: ofCurrency(({ currentProposal }) => currentProposal.totalPrice),
  delivery: (one, other) => compareTimes(one.currentProposal.startTime, other.currentProposal.startTime),
  status: (one, other) => statuses.indexOf(one.status) - statuses.indexOf(other.status),
  updated: (one, other) => compareTimes(one.updatedAt, other.updatedAt)
}

/** Offers in the order asked for; those that are equal, and all without an order, the newest first. */
export function sorted (offers: readonly TradeOffer[], sorting: Sorting | undefined, context: SortContext): TradeOffer[] {
  return [...offers].sort((one, other) =>
    (sorting === undefined ? 0 : comparisons[sorting.column](one, other, context) * (sorting.isDescending ? -1 : 1)) ||
    compareTimes(other.createdAt, one.createdAt) || one.messageId.localeCompare(other.messageId, 'en'))
}

import type { operations, TradeOffer } from 'equilux-chat-client'
import { otherOf, sideOf, type Side } from '../offers/standing.js'

export type TradeStatus = TradeOffer['status']
export const statuses = ['pending', 'countered', 'accepted', 'rejected', 'withdrawn', 'expired'] as const satisfies TradeStatus[]

export const columns = ['other', 'side', 'energy', 'price', 'total', 'delivery', 'status', 'updated'] as const
export type Column = typeof columns[number]

/** Which offers are shown; what is left out is not asked for. */
export interface Filter {
  statuses: TradeStatus[]
  /** What the user does. */
  side?: Side
  /** Who opened it. */
  opened?: 'me' | 'other'
  /** The other party's user id. */
  counterparty?: string
  isMyMove: boolean
}

/** By what rows are sorted; without it, the newest offer first. */
export interface Sorting {
  column: Column
  isDescending: boolean
}

export type TradeQuery = NonNullable<operations['listTrades']['parameters']['query']>

/** The filter that a page's address tells; what it doesn't know there it leaves alone. */
export function readFilter (search: URLSearchParams): Filter {
  return {
    statuses: statuses.filter(status => search.getAll('status').includes(status)),
    side: oneOf(['sell', 'buy'], search.get('side')),
    opened: oneOf(['me', 'other'], search.get('opened')),
    counterparty: search.get('with') || undefined,
    isMyMove: search.get('move') === 'mine'
  }
}

export function readSorting (search: URLSearchParams): Sorting | undefined {
  const column = oneOf(columns, search.get('sort'))
  return column && { column, isDescending: search.get('order') === 'desc' }
}

/** The address's query for a filter and a sorting: `readFilter` and `readSorting` back. */
export function writeSearch (filter: Filter, sorting?: Sorting): URLSearchParams {
  const { statuses, side, opened, counterparty, isMyMove } = filter
  return new URLSearchParams([
    ...statuses.map(status => ['status', status]),
    ...Object.entries({
      side, opened, with: counterparty, move: isMyMove ? 'mine' : undefined, sort: sorting?.column, order: sorting?.isDescending ? 'desc' : undefined
    }).filter(([, value]) => value !== undefined) as string[][]
  ])
}

export function isFiltered (filter: Filter): boolean {
  return writeSearch(filter).size > 0
}

/** What to ask the server for: who sells among the offers of both is two questions, by who opened them. */
export function queriesOf ({ statuses, side, opened, counterparty, isMyMove }: Filter): TradeQuery[] {
  const common: TradeQuery = {
    ...statuses.length > 0 && { status: statuses }, ...counterparty !== undefined && { with: counterparty }, ...isMyMove && { awaiting: 'me' as const }
  }
  const roles = opened === undefined ? ['sender', 'receiver'] as const : [opened === 'me' ? 'sender' as const : 'receiver' as const]
  if (side === undefined) return [{ ...common, role: roles.length === 1 ? roles[0] : 'both' }]
  return roles.map(role => ({ ...common, role, tradeType: (role === 'sender') === (side === 'sell') ? 'sell' as const : 'buy' as const }))
}

/** Whether an offer is among those that a filter shows to a user. */
export function matches (offer: TradeOffer, { statuses, side, opened, counterparty, isMyMove }: Filter, me: string): boolean {
  return (statuses.length === 0 || statuses.includes(offer.status)) &&
    (side === undefined || sideOf(offer, me) === side) &&
    (opened === undefined || (offer.senderId === me) === (opened === 'me')) &&
    (counterparty === undefined || otherOf(offer, me) === counterparty) &&
    (!isMyMove || offer.awaiting === me)
}

function oneOf<Name extends string> (names: readonly Name[], given: string | null): Name | undefined {
  return names.find(name => name === given)
}

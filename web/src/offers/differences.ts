import type { Proposal, TradeMove } from 'equilux-chat-client'
import { expiresAtStart } from './standing.js'

/** Terms as they are shown: whose they are is told beside them. */
export type ShownTerms = Omit<Proposal, 'proposedBy' | 'tradeType'>

/** What terms consist of for a reader, in the order in which they are shown. */
export const termNames = ['energy', 'price', 'total', 'delivery', 'expiry'] as const
export type TermName = typeof termNames[number]

const isSame: Record<TermName, (before: ShownTerms, after: ShownTerms) => boolean> = {
  energy: (before, after) => before.totalAmount === after.totalAmount,
  price: (before, after) => before.pricePerUnit === after.pricePerUnit && before.currency === after.currency,
  total: (before, after) => before.totalPrice === after.totalPrice && before.currency === after.currency,
  delivery: (before, after) => isSameTime(before.startTime, after.startTime) && isSameTime(before.endTime, after.endTime),
  // An expiry that follows the start of delivery goes along with it.
  expiry: (before, after) => isSameTime(before.expiresAt, after.expiresAt) || (expiresAtStart(before) && expiresAtStart(after))
}

/** In what terms differ. */
export function differencesOf (before: ShownTerms, after: ShownTerms): TermName[] {
  return termNames.filter(name => !isSame[name](before, after))
}

/** A move with the terms that stood before it, where it proposes others. */
export interface ToldMove extends TradeMove {
  before?: Proposal
}

/** The moves of a history, each proposal with the terms that it changed. */
export function withChanges (history: readonly TradeMove[]): ToldMove[] {
  let standing: Proposal | undefined
  return history.map(move => {
    const told = move.terms !== undefined && standing !== undefined ? { ...move, before: standing } : move
    standing = move.terms ?? standing
    return told
  })
}

/** The moves of a history that were made after the proposal of a revision. */
export function since (history: readonly ToldMove[], revision: number): ToldMove[] {
  const seen = history.findIndex(move => move.revision === revision && move.terms !== undefined)
  return history.slice(seen + 1)
}

function isSameTime (one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Date.parse(one) === Date.parse(other)
}

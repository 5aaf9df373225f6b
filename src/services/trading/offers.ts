import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import { standing, type Move, type Negotiation, type Party, type Terms } from './negotiation.js'
import { preview } from '../messaging/preview.js'

type StoredMove = TradeOfferItem['moves'][number]

/** Who opened an offer, and with whom. */
export type Parties = Pick<TradeOfferItem, 'messageId' | 'senderId' | 'receiverId' | 'tradeType'>

/** The moves of a stored offer. */
export function movesOf (item: TradeOfferItem): Negotiation {
  return item.moves.map(readMove) as unknown as Negotiation
}

/** The party that a user is; undefined for a stranger. */
export function partyOf ({ senderId, receiverId }: Parties, userId: string): Party | undefined {
  if (userId === senderId) return 'sender'
  return userId === receiverId ? 'receiver' : undefined
}

/** The user that a party is. */
export function userOf ({ senderId, receiverId }: Parties, party: Party): string {
  return party === 'sender' ? senderId : receiverId
}

/**
 * What is stored of an offer after one more move.
 * @param parties of a new offer, or the stored offer
 * @param before the moves stored so far
 * @param said where in the conversation the move is told, and with what words
 */
export function storeMove (parties: Parties, before: StoredMove[], move: Move, said: { seq: number, text?: string }): TradeOfferItem {
  const { terms, ...rest } = 'terms' in move ? move : { terms: undefined, ...move }
  const stored: StoredMove = {
    ...rest, ...terms, seq: said.seq, ...(said.text === undefined ? {} : { text: preview(said.text) })
  }
  return offerOf(parties, [...before, stored])
}

/** A stored offer as it was after the message `seq` told of it. */
export function asOf (item: TradeOfferItem, seq: number): TradeOfferItem {
  const moves = item.moves.filter(move => move.seq <= seq)
  return moves.length === item.moves.length ? item : offerOf(item, moves)
}

/** Whether the open terms of an offer have run out: not accepted even in the millisecond of their expiry. */
export function hasRunOut ({ awaiting, expiresAt }: Pick<TradeOfferItem, 'awaiting' | 'expiresAt'>, now: number): boolean {
  return awaiting !== 'nobody' && now >= expiresAt
}

/** What is stored of an offer: all of it follows from the moves. */
function offerOf ({ messageId, senderId, receiverId, tradeType }: Parties, moves: StoredMove[]): TradeOfferItem {
  const { status, revision, awaiting, proposal: { by, terms: { expiresAt, ...terms } } } = standing(moves.map(readMove) as unknown as Negotiation)
  const [first, last] = [moves[0], moves.at(-1)] as [StoredMove, StoredMove]
  return {
    messageId,
    senderId,
    receiverId,
    tradeType,
    status,
    revision,
    awaiting,
    stage: awaiting === 'nobody' ? 'closed' : 'open',
    createdAt: first.at,
    updatedAt: last.at,
    expiresAt,
    terms: { by, ...terms },
    version: moves.length,
    moves
  }
}

/** A move as it is stored. */
export function readMove ({ action, by, at, price, currency, amount, startAt, endAt, expiresAt }: StoredMove): Move {
  if (action !== 'offer' && action !== 'counter') return { action, by, at } as Move
  const terms = { price, currency, amount, startAt, ...(endAt === undefined ? {} : { endAt }), expiresAt } as Terms
  return { action, by: by as Party, at, terms }
}

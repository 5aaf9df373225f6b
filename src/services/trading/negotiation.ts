import { maxRevisions, type TradeAction, type TradeStatus } from '../../../schemas/trade-offer.js'

/** The two parties, from the offer's point of view. */
export type Party = 'sender' | 'receiver'

/** Terms in integers: price in 10⁻⁵ currency units per kWh, amount in Wh, times in ms since the epoch. */
export interface Terms {
  price: number
  currency: string
  amount: number
  startAt: number
  endAt?: number
  /** From this instant on the terms can't be accepted. */
  expiresAt: number
}

/** What happened: proposals carry their terms. */
export type Move =
  | { action: 'offer' | 'counter', by: Party, at: number, terms: Terms }
  | { action: 'accept' | 'reject' | 'withdraw', by: Party, at: number }
  | { action: 'expire', by: 'time', at: number }

/** What a party wants to do, on the revision it saw. */
export type Intent =
  | { action: 'accept' | 'reject' | 'withdraw', revision: number }
  | { action: 'counter', revision: number, terms: Terms }

/** A negotiation: the first move is the offer. */
export type Negotiation = readonly [Move, ...Move[]]

/** Where a negotiation stands. */
export interface Standing {
  status: TradeStatus
  /** Counts the terms proposed. */
  revision: number
  /** Whose move it is. */
  awaiting: Party | 'nobody'
  /** The terms on the table, or last on it. */
  proposal: Extract<Move, { terms: Terms }>
}

export type Refusal = 'closed' | 'stale_revision' | 'out_of_turn' | 'too_many_revisions'

const outcomes: Record<TradeAction, TradeStatus> = {
  offer: 'pending', counter: 'countered', accept: 'accepted', reject: 'rejected', withdraw: 'withdrawn', expire: 'expired'
}

/** The other party. */
function opposite (party: Party): Party {
  return party === 'sender' ? 'receiver' : 'sender'
}

/** Where a negotiation stands after its moves; time is not looked at. */
export function standing (moves: Negotiation): Standing {
  const proposals = moves.filter(move => 'terms' in move)
  const proposal = proposals.at(-1)
  const last = moves.at(-1)
  if (proposal === undefined || last === undefined) throw new TypeError('A negotiation begins with an offer')
  const open = last === proposal
  return {
    status: outcomes[last.action],
    revision: proposals.length,
    awaiting: open ? opposite(proposal.by) : 'nobody',
    proposal
  }
}

/** Whether the open terms have run out: not accepted even in the millisecond of their expiry. */
export function isDue ({ awaiting, proposal }: Standing, now: number): boolean {
  return awaiting !== 'nobody' && now >= proposal.terms.expiresAt
}

/** What comes of an intent: a move, a refusal, or that the terms have run out before. */
export type Decision = { move: Move } | { refusal: Refusal } | { expired: true }

/**
 * The rules. A revision is open until somebody moves: the party that didn't propose it may accept, reject or counter it,
 * the one that did may withdraw it; a counter opens the next revision. Refusals come in this order: closed (or run out) or
 * stale, then out of turn.
 * @param moves the negotiation so far
 * @param intent what the party wants
 * @param by the party
 * @param now ms since the epoch
 */
export function decide (moves: Negotiation, intent: Intent, by: Party, now: number): Decision {
  const current = standing(moves)
  if (isDue(current, now)) return { expired: true }
  if (current.awaiting === 'nobody') return { refusal: 'closed' }
  if (intent.revision !== current.revision) return { refusal: 'stale_revision' }
  const mover = intent.action === 'withdraw' ? current.proposal.by : current.awaiting
  if (by !== mover) return { refusal: 'out_of_turn' }
  if (intent.action !== 'counter') return { move: { action: intent.action, by, at: now } }
  if (current.revision >= maxRevisions) return { refusal: 'too_many_revisions' }
  return { move: { action: 'counter', by, at: now, terms: intent.terms } }
}

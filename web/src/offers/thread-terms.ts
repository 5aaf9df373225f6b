import type { Proposal } from 'equilux-chat-client'
import type { Entry } from 'equilux-chat-client/store'

/** By offer, its proposals in a thread: oldest first. */
type Proposals = Map<string, Array<{ seq: number, terms: Proposal }>>

// Every line that tells of a counter-offer asks, and a thread may have thousands of messages.
const made = new WeakMap<readonly Entry[], Proposals>()

/** The terms of an offer that stood before a message of the thread; undefined where what proposed them isn't there. */
export function termsBefore (entries: readonly Entry[], offerId: string, seq: number): Proposal | undefined {
  const proposals = made.get(entries) ?? proposalsIn(entries)
  made.set(entries, proposals)
  return proposals.get(offerId)?.findLast(proposal => proposal.seq < seq)?.terms
}

function proposalsIn (entries: readonly Entry[]): Proposals {
  const proposals: Proposals = new Map()
  const note = (offerId: string, seq: number, terms: Proposal) => {
    proposals.set(offerId, [...proposals.get(offerId) ?? [], { seq, terms }])
  }
  for (const { message } of entries) {
    if (message.seq === undefined) continue
    if (message.messageType === 'tradeOffer') note(message.messageId, message.seq, message.tradeOffer.currentProposal)
    if (message.messageType === 'tradeResponse' && message.tradeResponse.terms !== undefined) note(message.tradeResponse.offerId, message.seq, message.tradeResponse.terms)
  }
  return proposals
}

import type { TradeOffer } from 'equilux-chat-client'
import { useOffer } from 'equilux-chat-client/react'
import { useState } from 'react'
import { newerOf } from './standing.js'

export interface Seen {
  /** The offer as it was when the reader began to answer it. */
  seen: TradeOffer
  /** The offer as it is. */
  offer: TradeOffer
  /** Whether it has moved meanwhile, so that no answer to it counts any more. */
  hasMoved: boolean
}

/** An offer as the reader saw it and as it is: an answer is to what was seen, whatever comes while it is written. */
export function useSeen (given: TradeOffer): Seen {
  const [seen] = useState(given)
  const known = useOffer(given.messageId)
  const offer = known === undefined ? given : newerOf(given, known)
  return { seen, offer, hasMoved: offer.revision !== seen.revision || offer.awaiting !== seen.awaiting }
}

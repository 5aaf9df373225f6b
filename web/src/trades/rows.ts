import type { TradeOffer } from 'equilux-chat-client'
import { newerOf, standingAt } from '../offers/standing.js'
import { matches, type Filter } from './filter.js'

/** What was read so far of the answers to one question, newest first. */
export interface Stream {
  trades: readonly TradeOffer[]
  /** Where it goes on; null at its end, undefined before its beginning. */
  nextPageToken: string | null | undefined
}

/** From which time on everything has been read, in ms since the epoch: the oldest offer of each stream that goes on. */
export function horizonOf (streams: readonly Stream[]): number {
  return Math.max(-Infinity, ...streams.filter(({ nextPageToken }) => nextPageToken !== null).map(horizon))
}

/** Which streams hide what is older: those to read on in. */
export function shortest (streams: readonly Stream[]): number[] {
  const end = horizonOf(streams)
  return streams.flatMap((stream, index) => stream.nextPageToken !== null && horizon(stream) === end ? [index] : [])
}

function horizon ({ trades }: Stream): number {
  const last = trades.at(-1)
  return last === undefined ? Infinity : Date.parse(last.createdAt)
}

/**
 * The offers to show: those read and those that the store has heard of, each in its newest state, as far as they match the filter
 * as they are now. Nothing is shown beyond what has been read in full.
 */
export function rowsOf ({ streams, heard, filter, me, now }: {
  streams: readonly Stream[], heard: Iterable<TradeOffer>, filter: Filter, me: string, now: number
}): TradeOffer[] {
  const offers = new Map<string, TradeOffer>()
  for (const offer of [...streams.flatMap(({ trades }) => trades), ...heard]) {
    const known = offers.get(offer.messageId)
    offers.set(offer.messageId, known === undefined ? offer : newerOf(known, offer))
  }
  const horizon = horizonOf(streams)
  return Array.from(offers.values(), offer => standingAt(offer, now))
    .filter(offer => Date.parse(offer.createdAt) >= horizon && matches(offer, filter, me))
}

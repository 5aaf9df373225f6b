import type { ApiClient, ChatError, RespondTrade, TradeOffer } from '../index.js'
import { randomKey } from './identity.js'
import { standing } from './offers.js'
import type { Retry } from './retry.js'

/** How often a move is tried whose fate isn't known, and how long after one try at most, in ms: somebody waits to be told. */
const attempts = 3
const patience = 2000

/**
 * Makes a move in a negotiation, once however often it is tried.
 * @returns the offer as far as the server told it, and why the move was refused or isn't known to have been made
 */
export async function makeMove (api: ApiClient, retry: Retry, offerId: string, move: RespondTrade): Promise<{ offer?: TradeOffer, error?: ChatError }> {
  const key = randomKey()
  for (let left = attempts; ; left--) {
    const { data, error } = await api.POST('/api/messages/trades/{messageId}/respond', {
      params: { path: { messageId: offerId }, header: { 'idempotency-key': key } }, body: { ...move, clientId: key }
    })
    if (data !== undefined) return { offer: standing(data) }
    const { offer, retryable, retryAfter = patience / 2 ** left } = error
    if (!retryable || left === 1 || retryAfter > patience || retry.isOver) return { error, ...offer && { offer } }
    await retry.pause(retryAfter, true)
  }
}

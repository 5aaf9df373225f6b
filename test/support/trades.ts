import { setTimeout as sleep } from 'node:timers/promises'
import type { LightMyRequestResponse } from 'fastify'
import type { TradePage } from '../../schemas/trade-list.js'
import type { TradeOffer, TradeOfferWithHistory } from '../../schemas/trade-offer.js'
import type { TestUser } from './helper.js'

/** An instant from now on, as a client writes it. */
export function later (ms: number): string {
  return new Date(Date.now() + ms).toISOString()
}

export const day = 24 * 60 * 60 * 1000

/** Terms that are in order, but for what differs. */
export function terms (different: object = {}) {
  return { pricePerUnit: 0.27, totalAmount: 12.5, startTime: later(day), ...different }
}

/** The body that opens a negotiation. */
export function opening (different: object = {}) {
  return { messageType: 'tradeOffer', ...terms(different) }
}

/** A client as the API wants it: on a busy machine the database may time out, and what gets a 503 is tried again. */
export async function patiently (request: () => Promise<LightMyRequestResponse>): Promise<LightMyRequestResponse> {
  for (;;) {
    const response = await request()
    if (response.statusCode !== 503) return response
    await sleep(Math.random() * 500)
  }
}

/** Opens a negotiation and returns its offer. */
export async function open (sender: TestUser, receiver: TestUser, different: object = {}): Promise<TradeOffer> {
  const response = await sender.post(`/${receiver.id}`, opening(different))
  if (response.statusCode !== 201) throw new Error(response.body)
  return response.json<{ tradeOffer: TradeOffer }>().tradeOffer
}

/** Opens a negotiation whose terms run out soon, in `life` ms: on a busy machine they may have before they are there, and then live longer. */
export async function openBriefly (sender: TestUser, receiver: TestUser, life = 400): Promise<TradeOffer> {
  for (; ; life *= 2) {
    const response = await sender.post(`/${receiver.id}`, opening({ expiresAt: later(life) }))
    if (response.statusCode === 201) return response.json<{ tradeOffer: TradeOffer }>().tradeOffer
    if (response.statusCode !== 400 && response.statusCode !== 503) throw new Error(response.body)
  }
}

/** Makes a move. */
export async function respond (user: TestUser, { messageId }: Pick<TradeOffer, 'messageId'>, body: object, headers: Record<string, string> = {}) {
  return await user.post(`/trades/${messageId}/respond`, body, headers)
}

/** The offer as it is. */
export async function read (user: TestUser, { messageId }: Pick<TradeOffer, 'messageId'>): Promise<TradeOfferWithHistory> {
  return (await patiently(async () => await user.get(`/trades/${messageId}`))).json<TradeOfferWithHistory>()
}

/** How an offer stands, which is all that is shown of it beside messages, in lists and in problems. */
export function standingOf ({ negotiationHistory, ...offer }: TradeOfferWithHistory): TradeOffer {
  return offer
}

/** How the offer stands now. */
export async function state (user: TestUser, offer: Pick<TradeOffer, 'messageId'>): Promise<TradeOffer> {
  return standingOf(await read(user, offer))
}

/** Every offer of a listing, by pages. */
export async function list (user: TestUser, query = ''): Promise<TradeOffer[]> {
  const offers: TradeOffer[] = []
  for (let token = ''; ;) {
    const response = await patiently(async () => await user.get(`/trades?${query}${token}`))
    if (response.statusCode !== 200) throw new Error(response.body)
    const { trades, nextPageToken } = response.json<TradePage>()
    offers.push(...trades)
    if (nextPageToken === null) return offers
    token = `&pageToken=${nextPageToken}`
  }
}

/** Waits until an instant is past, by the clock that the server goes by. */
export async function until (time: string): Promise<void> {
  while (Date.now() < Date.parse(time)) await sleep(Date.parse(time) - Date.now())
}

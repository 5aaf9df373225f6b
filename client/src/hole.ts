import type { components } from '../../openapi/client/http.js'
import type { ApiClient } from './api.js'
import { LiveError } from './errors.js'
import type { Hole } from './seen.js'

type Schemas = components['schemas']

/** A message that was read, and for a move in a negotiation the offer as it was when it was read. */
export interface ReadMessage {
  message: Schemas['Message']
  offer?: Schemas['TradeOffer']
}

const pageSize = 100

/** Reads the messages of a hole in the conversation with a user, oldest first. */
export async function * readHole (api: ApiClient, userId: string, { afterSeq, beforeSeq }: Hole): AsyncGenerator<ReadMessage> {
  let last = afterSeq
  while (last < beforeSeq - 1) {
    const { data, error } = await api.GET('/api/messages/{userId}', {
      params: { path: { userId }, query: { order: 'asc', afterSeq: last, beforeSeq, limit: pageSize } }
    })
    if (error !== undefined) throw new LiveError(error.code, error.detail ?? error.title)
    const offers = new Map(data.offers.map(offer => [offer.messageId, offer]))
    for (const message of data.messages) {
      yield { message, offer: message.messageType === 'tradeResponse' ? offers.get(message.tradeResponse.offerId) : undefined }
    }
    if (data.nextPageToken === null) return
    last = data.messages.at(-1)?.seq ?? beforeSeq
  }
}

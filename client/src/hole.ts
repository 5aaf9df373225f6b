import type { components } from '../../openapi/client/http.js'
import type { Call } from './caller.js'
import { ownError } from './errors.js'
import type { Hole } from './seen.js'
import { misfit } from './shape.js'

type Schemas = components['schemas']

/** A message that was read, and for a move in a negotiation the offer as it was when it was read. */
export interface ReadMessage {
  message: Schemas['Message']
  offer?: Schemas['TradeOffer']
}

const pageSize = 100

/**
 * Reads the messages of a hole in the conversation with a user, oldest first. One that doesn't fit its schema is left out, lest it be asked for
 * again and again.
 * @param onMisfit is told what doesn't fit
 * @throws Error if they can't be read, with the ChatError as its cause
 */
export async function * readHole (call: Call, userId: string, { afterSeq, beforeSeq }: Hole, onMisfit: (detail: string) => void): AsyncGenerator<ReadMessage> {
  let pageToken: string | undefined
  do {
    const { data, error } = await call('GET', '/api/messages/{userId}', {
      params: { path: { userId }, query: { order: 'asc', afterSeq, beforeSeq, limit: pageSize, pageToken } }
    })
    if (error !== undefined) throw new Error(error.detail, { cause: error })
    const page = readPage(data, onMisfit)
    yield * page.messages
    pageToken = page.next
  } while (pageToken !== undefined)
}

/** What of a page can be told. */
function readPage (data: unknown, onMisfit: (detail: string) => void): { messages: ReadMessage[], next: string | undefined } {
  const { messages, offers, nextPageToken } = Object(data) as { messages?: unknown, offers?: unknown, nextPageToken?: unknown }
  if (!Array.isArray(messages) || !Array.isArray(offers)) {
    const error = ownError('unexpected_answer', 'A page has no lists of messages and offers')
    throw new Error(error.detail, { cause: error })
  }
  const fitting = <Name extends 'Message' | 'TradeOffer'>(name: Name, list: unknown[]) => list.filter((item): item is Schemas[Name] => {
    const place = misfit(`#${name}`, item)
    if (place !== undefined) onMisfit(`A ${name} that was read doesn't fit its schema at ${place}`)
    return place === undefined
  })
  const offerOf = new Map(fitting('TradeOffer', offers).map(offer => [offer.messageId, offer]))
  return {
    next: typeof nextPageToken === 'string' ? nextPageToken : undefined,
    messages: fitting('Message', messages).flatMap((message): ReadMessage[] => {
      if (message.messageType !== 'tradeResponse') return [{ message }]
      const offer = offerOf.get(message.tradeResponse.offerId)
      if (offer === undefined) onMisfit(`The move ${message.messageId} was read without its offer`)
      return offer === undefined ? [] : [{ message, offer }]
    })
  }
}

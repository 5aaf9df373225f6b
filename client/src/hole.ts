import type { components } from '../../openapi/client/http.js'
import type { Call } from './caller.js'
import { ownError } from './errors.js'
import type { MessageEvent } from './frames.js'
import type { Hole } from './seen.js'
import { faultOf } from './shape.js'

type Schemas = components['schemas']

export interface HoleReader {
  call: Call
  /** Is told what is left out, and why. */
  onMisfit: (detail: string) => void
}

const pageSize = 100

/**
 * Reads the messages of a hole in the conversation with a user, oldest first, as the events that would have told of them; but a move's offer may have
 * moved on. What doesn't fit its schema is left out, lest it be asked for again and again.
 * @param cursor of the events
 * @throws Error if they can't be read, with the ChatError as its cause
 */
export async function * readHole (reader: HoleReader, userId: string, { afterSeq, beforeSeq }: Hole, cursor: string): AsyncGenerator<MessageEvent> {
  let pageToken: unknown
  do {
    const { data, error } = await reader.call('GET', '/api/messages/{userId}', {
      params: { path: { userId }, query: { order: 'asc', afterSeq, beforeSeq, limit: pageSize, pageToken } }
    })
    const { messages, offers, nextPageToken } = Object(data) as { messages?: unknown, offers?: unknown, nextPageToken?: unknown }
    if (!Array.isArray(messages) || !Array.isArray(offers)) throw new Error('No page', { cause: error ?? ownError('unexpected_answer') })
    const offerOf = new Map(fitting(reader, 'TradeOffer', offers).map(offer => [offer.messageId, offer]))
    for (const message of fitting(reader, 'Message', messages)) {
      if (message.messageType !== 'tradeResponse') {
        yield { type: 'newMessage', cursor, data: message }
        continue
      }
      const offer = offerOf.get(message.tradeResponse.offerId)
      if (offer !== undefined) yield { type: 'tradeResponse', cursor, data: { offer, message } }
      else reader.onMisfit('A move came without its offer')
    }
    pageToken = nextPageToken
  } while (typeof pageToken === 'string')
}

function fitting<Name extends 'Message' | 'TradeOffer'> ({ onMisfit }: HoleReader, name: Name, list: unknown[]): Array<Schemas[Name]> {
  return list.filter((item): item is Schemas[Name] => {
    const fault = faultOf(name, `#${name}`, item)
    if (fault !== undefined) onMisfit(fault)
    return fault === undefined
  })
}

import type { ServerEvent, ServerFrame } from '../../schemas/events.js'
import { encodeData } from './encoder.js'

/** Where in a conversation an event belongs: durable events have a place. */
export interface EventPlace {
  conversationId: string
  seq: number
  /** The message's time, in ms since the epoch. */
  at: number
  /** The time of the message before it, in ms since the epoch, where it is known. */
  previousAt?: number
}

/** An event on its way to users, its data serialized once for all of them. */
export interface EncodedEvent {
  type: ServerFrame['type']
  /** JSON. */
  data: string
  place?: EventPlace
}

/** Events that a slow client can do without. */
export const droppable: ReadonlySet<string> = new Set(['typing', 'stopTyping', 'presence'])

/**
 * Serializes an event, for all who get it.
 * @param previousAt the time of the message before the one it tells of, in ms since the epoch, where it is known
 */
export function encodeEvent (event: ServerEvent, previousAt?: number): EncodedEvent {
  return { type: event.type, data: encodeData(event.type, event.data), place: placeOf(event, previousAt) }
}

/**
 * The event of a message as its sender is told of it, with the name that the sender's client gave the message. Nothing is serialized again:
 * the message is what the data is, or ends with (`schemas/events.ts`).
 */
export function withClientId (event: EncodedEvent, clientId: string): EncodedEvent {
  const end = event.type === 'tradeResponse' ? -2 : -1
  return { ...event, data: `${event.data.slice(0, end)},"clientId":${JSON.stringify(clientId)}${event.data.slice(end)}` }
}

function placeOf (frame: ServerEvent, previousAt?: number): EventPlace | undefined {
  if (frame.type !== 'newMessage' && frame.type !== 'tradeResponse') return undefined
  const { conversationId, seq, timestamp } = frame.type === 'newMessage' ? frame.data : frame.data.message
  return { conversationId, seq, at: Date.parse(timestamp), ...(previousAt === undefined ? {} : { previousAt }) }
}

import { serverFrameSchemas, type ServerEvent, type ServerFrame } from '../../schemas/events.js'
import { sharedSchemas } from '../../schemas/index.js'
import { buildSerializer } from './validation.js'

/** Where in a conversation an event belongs: durable events have a place. */
export interface EventPlace {
  conversationId: string
  seq: number
  /** The message's time, in ms since the epoch. */
  at: number
}

/** An event on its way to users, its data serialized once for all of them. */
export interface LiveEvent {
  type: ServerFrame['type']
  /** JSON. */
  data: string
  place?: EventPlace
}

/** Events that a slow client can do without. */
export const droppable: ReadonlySet<string> = new Set(['typing', 'stopTyping', 'presence'])

const serialize = buildSerializer(Object.fromEntries(sharedSchemas.map(schema => [schema.$id, schema])))
const serializers = new Map(Object.entries(serverFrameSchemas).flatMap(([type, { properties }]) => 'data' in properties
  ? [[type, serialize({ schema: properties.data, method: '', url: '' } as never)] as const]
  : []))

/** Serializes an event with the schemas that serialize the HTTP responses, so that the two can't disagree. */
export function toLiveEvent (event: ServerEvent): LiveEvent {
  return { type: event.type, data: encodeData(event.type, event.data), place: placeOf(event) }
}

/** Serializes the data of a frame. */
export function encodeData (type: ServerFrame['type'], data: unknown): string {
  return (serializers.get(type) as (data: unknown) => string)(data)
}

/** An event as a frame of the WebSocket. */
export function toFrame ({ type, data }: LiveEvent, cursor?: string): Buffer {
  return Buffer.from(`{"type":"${type}",${cursor === undefined ? '' : `"cursor":"${cursor}",`}"data":${data}}`)
}

/** An event of a text/event-stream (WHATWG HTML section 9.2). */
export function toServerSentEvent ({ type, data }: LiveEvent, cursor?: string): string {
  return `event: ${type}\n${cursor === undefined ? '' : `id: ${cursor}\n`}data: ${data}\n\n`
}

function placeOf (frame: ServerEvent): EventPlace | undefined {
  if (frame.type !== 'newMessage' && frame.type !== 'tradeResponse') return undefined
  const { conversationId, seq, timestamp } = frame.type === 'newMessage' ? frame.data : frame.data.message
  return { conversationId, seq, at: Date.parse(timestamp) }
}

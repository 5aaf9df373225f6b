import { serverFrameSchemas, type ServerFrame, type StreamOnlyType } from '../../schemas/events.js'
import { sharedSchemas } from '../../schemas/index.js'
import { textFrame } from './text-frame.js'
import { buildSerializer } from './validation.js'

const serialize = buildSerializer(Object.fromEntries(sharedSchemas.map(schema => [schema.$id, schema])))
const serializers = new Map(Object.entries(serverFrameSchemas).flatMap(([type, { properties }]) => 'data' in properties
  ? [[type, serialize({ schema: properties.data, method: '', url: '' } as never)] as const]
  : []))

/** What is sent, its data serialized. */
interface Encoded {
  type: ServerFrame['type'] | StreamOnlyType
  /** JSON. */
  data: string
}

/** Serializes the data of a frame with the schemas that serialize the HTTP responses, so that the two can't disagree. */
export function encodeData (type: ServerFrame['type'], data: unknown): string {
  return (serializers.get(type) as (data: unknown) => string)(data)
}

/** A frame of the WebSocket, as the connection carries it: one that answers or concerns a single client. */
export function encodeFrame (frame: ServerFrame): Buffer {
  const id = 'id' in frame && frame.id !== undefined ? `,"id":${JSON.stringify(frame.id)}` : ''
  return textFrame(`{"type":"${frame.type}"${id}${'data' in frame ? `,"data":${encodeData(frame.type, frame.data)}` : ''}}`)
}

/** An event as a frame of the WebSocket, as the connection carries it. */
export const toFrame = onceForAll(({ type, data }, cursor) =>
  textFrame(`{"type":"${type}",${cursor === undefined ? '' : `"cursor":"${cursor}",`}"data":${data}}`))

/** An event of a text/event-stream (WHATWG HTML section 9.2). */
export const toServerSentEvent = onceForAll(({ type, data }, cursor) =>
  `event: ${type}\n${cursor === undefined ? '' : `id: ${cursor}\n`}data: ${data}\n\n`)

/** Those who are told of an event are told one after another, and those whose cursors agree are told the same. */
function onceForAll<Sent> (encode: (event: Encoded, cursor?: string) => Sent): (event: Encoded, cursor?: string) => Sent {
  let last: { event: Encoded, cursor: string | undefined, sent: Sent } | undefined
  return (event, cursor) => {
    if (last === undefined || last.event !== event || last.cursor !== cursor) last = { event, cursor, sent: encode(event, cursor) }
    return last.sent
  }
}

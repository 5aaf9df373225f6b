import type { components } from '../../openapi/client/events.js'
import { shapes } from '../../openapi/client/shapes.js'
import { faultOf, type Shape } from './shape.js'

type Schemas = components['schemas']

/** A frame that a client may send. */
export type ClientFrame = Schemas[Extract<keyof Schemas, `Client${string}`>]

/** A frame that the server sends. */
export type ServerFrame = Schemas[Extract<keyof Schemas, `Server${string}`>]

/** What an app is told: everything but what keeps a connection up or answers a frame. */
export type LiveEvent = Exclude<ServerFrame, { type: 'ping' | 'ack' | 'error' }>

/** An event that is never lost: it tells of a message. */
export type MessageEvent = Extract<LiveEvent, { type: 'newMessage' | 'tradeResponse' }>

/** What came in place of a frame. */
export interface Misfit {
  /** Its type, as far as it can be told. */
  type?: unknown
  /** What is wrong with it; nothing of what it says. */
  detail: string
}

export type ReadFrame = { frame: ServerFrame, misfit?: undefined } | { frame?: undefined, misfit: Misfit }

/**
 * Reads a frame that came.
 * @param json the frame, or its `data` where the rest came beside it
 */
export function readFrame (json: string, rest?: { type: string, cursor: string }): ReadFrame {
  let frame: unknown = rest
  try {
    const value: unknown = JSON.parse(json)
    frame = rest === undefined ? value : { ...rest, data: value }
  } catch {
    // What is no JSON is no frame either, or one without its data.
  }
  const { type } = Object(frame) as { type?: unknown }
  if (typeof type !== 'string' || !Object.hasOwn(shapes.frames, type)) return { misfit: { type, detail: 'It is no known frame' } }
  const detail = faultOf(type, shapes.frames[type] as Shape, frame)
  return detail === undefined ? { frame: frame as ServerFrame } : { misfit: { type, detail } }
}

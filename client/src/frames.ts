import type { components } from '../../openapi/client/events.js'

type Schemas = components['schemas']

/** A frame that a client may send. */
export type ClientFrame = Schemas[Extract<keyof Schemas, `Client${string}`>]

/** A frame that the server sends. */
export type ServerFrame = Schemas[Extract<keyof Schemas, `Server${string}`>]

/** What an app is told: everything but what keeps a connection up or answers a frame. */
export type LiveEvent = Exclude<ServerFrame, { type: 'ping' | 'ack' | 'error' }>

/** An event that is never lost: it tells of a message. */
export type MessageEvent = Extract<LiveEvent, { type: 'newMessage' | 'tradeResponse' }>

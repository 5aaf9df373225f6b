import { readEvents, type ServerSentEvent } from './server-sent-events.js'

/** How a stream ended: what it says of that itself, if it does, and how long to wait before reconnecting, in milliseconds. */
export interface StreamEnd {
  code?: unknown
  reason?: unknown
  retryAfter: number
}

/**
 * Reads an answer that is a stream of events to its end.
 * @param onHeard something has come, were it only a part of an event
 * @returns undefined for an answer that is none
 * @throws what the stream does
 */
export async function readStream ({ ok, headers, body }: Response, onHeard: () => void, onEvent: (event: ServerSentEvent) => void): Promise<StreamEnd | undefined> {
  if (!ok || body === null || !headers.get('content-type')?.startsWith('text/event-stream')) return undefined
  let said: Partial<StreamEnd> = {}
  const retryAfter = await readEvents(body, onHeard, event => {
    // A stream has no close codes: its last event says which it would be.
    if (event.type === 'closed') said = Object(JSON.parse(event.data))
    else onEvent(event)
  })
  return { ...said, retryAfter }
}

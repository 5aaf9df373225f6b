import { answerOf, headersOf } from './caller.js'
import { endingOf } from './close-codes.js'
import { ownError, type ChatError } from './errors.js'
import { readFrame } from './frames.js'
import type { Connection, Opening } from './transport.js'

/**
 * Connects by Server-Sent Events, with `fetch`: an EventSource can't send a token but in its URL. What reads them is loaded now: most pages have
 * a WebSocket.
 */
export function openEventStream ({ baseUrl, token, fetch, since, takeOver, locale, onHeard, onFrame }: Opening): Connection {
  const abort = new AbortController()

  async function read (): Promise<ChatError> {
    const { readStream } = await import('./event-stream.js')
    const headers = headersOf({ accept: 'text/event-stream', 'accept-language': locale, authorization: `Bearer ${token}`, 'last-event-id': since })
    const response = await fetch(`${baseUrl}/api/events${takeOver ? '?takeOver=true' : ''}`, { headers, signal: abort.signal })
    const end = await readStream(response, onHeard, ({ type, data, lastEventId }) => onFrame(readFrame(data, { type, cursor: lastEventId })))
    // What looks like an answer to something else isn't one here.
    if (end === undefined) return answerOf(response, await response.text()).error ?? ownError('unexpected_answer')
    const { code, reason = '', retryAfter } = end
    return { ...code === undefined ? ownError('stream_ended') : endingOf(Number(code), String(reason)), retryAfter }
  }

  const ended = read().catch((cause: unknown) => ownError('network_unreachable', undefined, { cause }))
  return { name: 'eventStream', ended, close: () => abort.abort() }
}

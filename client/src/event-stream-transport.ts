import { answerOf, headersOf } from './caller.js'
import { endingOf } from './close-codes.js'
import { ownError, type ChatError } from './errors.js'
import { readFrame } from './frames.js'
import type { ReadEvents } from './server-sent-events.js'
import type { Connection, Opening } from './transport.js'

/**
 * Connects by Server-Sent Events, with `fetch`: an EventSource can't send a token but in its URL.
 * @param load gets what reads them
 */
export function openEventStream ({ baseUrl, token, fetch, since, takeOver, locale, onHeard, onFrame }: Opening, load: () => Promise<ReadEvents>): Connection {
  const abort = new AbortController()

  async function read (): Promise<ChatError> {
    const readEvents = await load()
    const headers = headersOf({ accept: 'text/event-stream', 'accept-language': locale, authorization: `Bearer ${token}`, 'last-event-id': since })
    const response = await fetch(`${baseUrl}/api/events${takeOver ? '?takeOver=true' : ''}`, { headers, signal: abort.signal })
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
    if (!response.ok || !isStream || response.body === null) {
      // What looks like an answer to something else isn't one here.
      return answerOf(response, await response.text()).error ?? ownError('unexpected_answer')
    }
    let ending = ownError('stream_ended')
    const retryAfter = await readEvents(response.body, onHeard, ({ type, data, lastEventId }) => {
      if (type === 'closed') ending = closedBy(JSON.parse(data))
      else onFrame(readFrame(data, { type, cursor: lastEventId }))
    })
    return { ...ending, retryAfter }
  }

  const ended = read().catch((cause: unknown) => ownError('network_unreachable', undefined, { cause }))
  return { name: 'eventStream', ended, close: () => abort.abort() }
}

/** A stream has no close codes: its last event says which it would be. */
function closedBy (said: unknown): ChatError {
  const { code, reason = '' } = Object(said) as { code?: unknown, reason?: unknown }
  return endingOf(Number(code), String(reason))
}

import type { components } from '../../openapi/client/http.js'
import type { ServerFrame } from './frames.js'
import { ServerSentEventParser, type ServerSentEvent } from './server-sent-events.js'
import { retryAfter, type Connection, type Ending, type Opening } from './transport.js'

type Problem = components['schemas']['Problem']

/** Connects by Server-Sent Events, with `fetch`: an EventSource can't send a token but in its URL. */
export function openEventStream ({ baseUrl, token, since, onHeard, onFrame }: Opening): Connection {
  const abort = new AbortController()

  async function read (): Promise<Ending> {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}`, ...since !== undefined && { 'last-event-id': since } }
    const response = await fetch(`${baseUrl}/api/events`, { headers, signal: abort.signal })
    if (!response.ok || response.body === null) return await refusalOf(response)
    const parser = new ServerSentEventParser()
    const reader = response.body.getReader()
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      onHeard()
      for (const event of parser.push(value ?? new Uint8Array())) onFrame(toFrame(event))
    }
    return { code: 'stream_ended', detail: 'The stream has ended, as it does after a while', retry: 'reconnect', delay: parser.retry }
  }

  const ended = read().catch((cause: unknown): Ending => ({ code: 'stream_failed', detail: String(cause), retry: 'reconnect', cause }))
  return { name: 'eventStream', ended, close: () => abort.abort() }
}

function toFrame ({ type, data, lastEventId }: ServerSentEvent): ServerFrame {
  return { type, cursor: lastEventId, data: JSON.parse(data) } as ServerFrame
}

async function refusalOf (response: Response): Promise<Ending> {
  const { status, headers } = response
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json')
  const { code, title, detail = title } = isProblem
    ? await response.json() as Problem
    : { code: `status_${status}`, title: `The server answered with ${status}` }
  // Other 429s than too many requests say that nothing will change by itself.
  const isTransient = status >= 500 || status === 408 || (status === 429 && code !== 'too_many_connections')
  const seconds = Number(headers.get('retry-after') ?? NaN)
  return { code, detail, retry: retryAfter(code, isTransient), delay: Number.isNaN(seconds) ? undefined : seconds * 1000 }
}

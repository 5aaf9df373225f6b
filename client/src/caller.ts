import { bounded } from './bounded.js'
import { defined } from './defined.js'
import type { components } from '../../openapi/client/http.js'
import { ownError, type ChatError } from './errors.js'
import type { Checked, ServerOptions } from './options.js'
import { misfit } from './shape.js'
import { TokenKeeper } from './token.js'

/** What a call is made of; the types of paths say more. */
export interface CallParts {
  params?: { path?: object, query?: object, header?: object }
  body?: unknown
  /** Calls it off. */
  signal?: AbortSignal | undefined
}

type Problem = components['schemas']['Problem']

/** JSON that came, undefined where there is nothing to say, or what went wrong. */
export type Answer<Data = unknown> =
  { data: Data, error?: undefined, response: Response } |
  { data?: undefined, error: ChatError, response?: Response | undefined }

type Sent = RequestInit & { headers: Headers }

export type Call = (method: string, path: string, parts?: CallParts) => Promise<Answer>

/**
 * Makes calls of a server. They never reject: no network, an answer in time, a page of some proxy, a truncated body, it is all an error.
 * After a 401 a new token is asked for once, and the call repeated once.
 */
export function createCaller ({ baseUrl, token: source, fetch, timeout, locale }: Checked<ServerOptions>): Call {
  const tokens = TokenKeeper.of(source)

  async function send (url: string, init: Sent, token: string, signal: AbortSignal | undefined): Promise<Answer> {
    let response: Response | undefined
    const outcome = await bounded(timeout, signal, async signal => {
      init.headers.set('authorization', `Bearer ${token}`)
      response = await fetch(url, { ...init, signal })
      return answerOf(response, await response.text())
    })
    return { response, ...outcome }
  }

  return async (method, path, parts = {}) => {
    let request: [url: string, init: Sent]
    try {
      request = [baseUrl + urlOf(path, parts), {
        method,
        headers: headersOf({
          'accept-language': locale, ...parts.params?.header, 'content-type': parts.body === undefined ? undefined : 'application/json'
        }),
        body: JSON.stringify(parts.body)
      }]
    } catch (cause) {
      return { error: ownError('invalid_request', String(cause), { retryable: false, cause }) }
    }
    const { token, error } = await tokens.get()
    if (token === undefined) return { error }
    const answer = await send(...request, token, parts.signal)
    if (answer.response?.status !== 401 || !tokens.isRenewable) return answer
    const next = await tokens.get(token)
    if (next.token === undefined) return { error: next.error, response: answer.response }
    return next.token === token ? answer : await send(...request, next.token, parts.signal)
  }
}

function urlOf (path: string, { params: { path: parts = {}, query = {} } = {} }: CallParts): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name as keyof typeof parts])))
  const search = new URLSearchParams(defined(query).flatMap(([name, value]) => [value].flat().map(one => [name, String(one)])))
  return String(search) ? `${filled}?${search}` : filled
}

/** The headers that have a value. */
export function headersOf (headers: Record<string, string | undefined>): Headers {
  return new Headers(defined(headers))
}

/** What an answer says: JSON or nothing (204) if all is well, else a problem; anything else comes from somebody in between. */
export function answerOf (response: Response, text: string): Answer {
  const { ok, status, headers } = response
  if (status === 204) return { data: undefined, response }
  let body: unknown
  try {
    // What comes in lines is the array of them.
    body = JSON.parse(headers.get('content-type')?.includes('ndjson') ? `[${text.trim().replaceAll('\n', ',')}]` : text)
  } catch {
    // What isn't JSON is judged with what is none of this API's.
  }
  if (ok && body !== undefined) return { data: body, response }
  const retryAfter = Number(headers.get('retry-after') ?? NaN) * 1000
  // Whoever says when to come again means it, whatever the status.
  const retryable = retryAfter >= 0 || [408, 429, 503].includes(status)
  const more = { status, retryable, ...retryAfter >= 0 && { retryAfter } }
  if (!ok && misfit('#Problem', body) === undefined) {
    const { type: _, ...problem } = body as Problem
    return { error: { ...problem, detail: problem.detail ?? problem.title, ...more }, response }
  }
  // Whoever is in between may be gone the next time, but for those who refuse.
  return { error: ownError('unexpected_answer', undefined, { ...more, retryable: retryable || ok || status >= 500 }), response }
}

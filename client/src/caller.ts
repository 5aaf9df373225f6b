import type { components } from '../../openapi/client/http.js'
import { ownError, type ChatError } from './errors.js'
import type { ServerOptions } from './options.js'
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

/** JSON that came, or what went wrong. */
export type Answer<Data = unknown> =
  { data: Data, error?: undefined, response: Response } |
  { data?: undefined, error: ChatError, response?: Response | undefined }

export type Call = (method: string, path: string, parts?: CallParts) => Promise<Answer>

/**
 * Makes calls of a server. They never reject: no network, an answer in time, a page of some proxy, a truncated body, it is all an error.
 * After a 401 a new token is asked for once, and the call repeated once.
 */
export function createCaller ({ baseUrl, token: source, fetch, timeout }: Required<ServerOptions>): Call {
  const tokens = TokenKeeper.of(source)

  async function send (url: string, init: RequestInit, token: string, signal: AbortSignal | undefined): Promise<Answer> {
    const abort = new AbortController()
    let code = 'network_unreachable' as 'network_unreachable' | 'timed_out' | 'aborted'
    const end = (why: typeof code) => {
      code = why
      abort.abort()
    }
    const callOff = () => end('aborted')
    const timer = setTimeout(end, timeout, 'timed_out')
    signal?.addEventListener('abort', callOff)
    if (signal?.aborted) callOff()
    let response: Response | undefined
    try {
      response = await fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` }, signal: abort.signal })
      return answerOf(response, await response.text())
    } catch (cause) {
      return { error: ownError(code, undefined, { retryable: code !== 'aborted', cause }), response }
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', callOff)
    }
  }

  return async (method, path, parts = {}) => {
    let request: [url: string, init: RequestInit]
    try {
      request = [baseUrl + urlOf(path, parts), initOf(method, parts)]
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
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().filter(one => one !== undefined).map(one => [name, String(one)]))
  return pairs.length === 0 ? filled : `${filled}?${new URLSearchParams(pairs)}`
}

function initOf (method: string, { params: { header = {} } = {}, body }: CallParts): RequestInit {
  const headers = new Headers(Object.entries(header).filter(([, value]) => value !== undefined))
  if (body !== undefined) headers.set('content-type', 'application/json')
  return { method, headers: Object.fromEntries(headers), ...body !== undefined && { body: JSON.stringify(body) } }
}

/** What an answer says: JSON if all is well, else a problem; anything else comes from somebody in between. */
export function answerOf (response: Response, text: string): Answer {
  const { ok, status, headers } = response
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // What isn't JSON is judged with what is none of this API's.
  }
  if (ok && body !== undefined) return { data: body, response }
  const retryAfter = headers.get('retry-after') === null ? NaN : Number(headers.get('retry-after')) * 1000
  const more = { status, ...retryAfter >= 0 && { retryAfter } }
  if (!ok && misfit('#Problem', body) === undefined) {
    const { code, title, detail = title, errors, requestId, offer } = body as Problem
    const retryable = status === 429 || status === 503 || status === 408
    return { error: { code, title, detail, retryable, ...more, ...errors && { errors }, ...requestId && { requestId }, ...offer && { offer } }, response }
  }
  const isPassing = ok || status >= 500 || status === 408 || status === 429
  const detail = `The answer had the status ${status} and was no JSON of this API`
  return { error: ownError('unexpected_answer', detail, { ...more, retryable: isPassing }), response }
}

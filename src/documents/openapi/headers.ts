import { locales } from '../../../schemas/locales.js'
import type { ProblemCode } from '../../../schemas/problem.js'
import type { Operation, Reference } from './document.js'

const count = (description: string, example: number) => ({ description, schema: { type: 'integer', minimum: 0 }, example })

const language = {
  description: 'The language of `title`, `detail` and `errors`',
  schema: { type: 'string', enum: [...locales] },
  example: 'en'
}

const challenge = {
  description: 'How to authenticate (RFC 6750 section 3)',
  schema: { type: 'string', minLength: 1 },
  example: 'Bearer realm="equilux-chat", error="invalid_token"'
}

const requestId = {
  description: 'Names the request in the server\'s log: the caller\'s own `X-Request-Id` if it has at most 128 harmless characters',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
  example: '5f6b7a0e-3f5f-4a52-9a55-0a0b39c1f3c5'
}

/** The headers of responses, by the name of their component. */
export const responseHeaders = {
  RequestId: { ...requestId, required: true },
  RequestIdOfRequest: { ...requestId, description: `${requestId.description}. Absent where there was no request to speak of` },
  ContentLanguage: { ...language, required: true },
  RateLimitLimit: count('How many requests the caller may make a minute', 600),
  RateLimitRemaining: count('How many of them are left', 599),
  RateLimitReset: count('Seconds until all of them are back', 42),
  RetryAfter: { ...count('Seconds to wait before the next attempt', 1), required: true },
  IdempotentReplayed: {
    description: '`true` if this is the result of an earlier request with the same `Idempotency-Key`; absent otherwise',
    schema: { type: 'string', enum: ['true'] },
    example: 'true'
  },
  Challenge: { ...challenge, required: true },
  ChallengeOfScope: { ...challenge, description: `${challenge.description}. Absent where it isn't a scope that is missing` },
  Upgrade: { description: 'The protocol that the route speaks', required: true, schema: { type: 'string', enum: ['websocket'] }, example: 'websocket' },
  WebSocketVersion: {
    description: 'The version of the protocol that the server speaks', required: true, schema: { type: 'string', enum: ['13'] }, example: '13'
  }
}

/** Statuses without headers of the server: upgraded connections, and those refused before there is a request. */
const bare = new Set(['101', 'default', '408', '431'])

/** Statuses that come before the request is counted. */
const uncounted = new Set(['401', '426'])

/** The headers of an operation's response: what its status asks for, and what comes with every answer. */
export function headersOf ({ parameters = [] }: Operation, status: string, codes: { here: ProblemCode[], anywhere: ProblemCode[] }) {
  if (bare.has(status)) return undefined
  const headers: Partial<Record<keyof typeof responseHeaders, string>> = {
    [codes.here.includes('malformed_request') ? 'RequestIdOfRequest' : 'RequestId']: 'X-Request-Id'
  }
  if (status >= '400') headers.ContentLanguage = 'Content-Language'
  if (codes.anywhere.includes('rate_limited') && status < '500' && !uncounted.has(status)) {
    Object.assign(headers, { RateLimitLimit: 'RateLimit-Limit', RateLimitRemaining: 'RateLimit-Remaining', RateLimitReset: 'RateLimit-Reset' })
  }
  const lacksScope = codes.here.includes('scope_missing')
  if (status === '401' || (lacksScope && codes.here.length === 1)) headers.Challenge = 'WWW-Authenticate'
  else if (lacksScope) headers.ChallengeOfScope = 'WWW-Authenticate'
  if (status === '426') Object.assign(headers, { Upgrade: 'Upgrade', WebSocketVersion: 'Sec-WebSocket-Version' })
  if (status === '429' || status === '503') headers.RetryAfter = 'Retry-After'
  if (status.startsWith('2') && parameters.some(({ name }) => name === 'idempotency-key')) headers.IdempotentReplayed = 'Idempotent-Replayed'
  return Object.fromEntries(Object.entries(headers).map(([component, name]): [string, Reference] =>
    [name, { $ref: `#/components/headers/${component}` }]))
}

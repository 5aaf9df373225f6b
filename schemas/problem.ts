import { Type, type Static } from '@sinclair/typebox'
import { ref } from './common.js'
import { TradeOfferSchema, type TradeOffer } from './trade-offer.js'

/**
 * Every problem that the server can report, once: the stable `code`, its HTTP status and its title.
 * Clients branch on `code`; titles and details may be reworded.
 */
export const problemCatalogue = {
  validation_failed: { status: 400, title: 'The request does not match the schema' },
  attachment_digest_mismatch: { status: 400, title: 'The bytes are not those of the digest' },
  malformed_json: { status: 400, title: 'The body is not valid UTF-8 JSON' },
  malformed_request: { status: 400, title: 'The request is not valid HTTP' },
  invalid_page_token: { status: 400, title: 'The page token was not issued for this query' },
  invalid_cursor: { status: 400, title: 'The cursor was not issued to this user' },
  self_conversation: { status: 400, title: 'A conversation needs another user' },
  reserved_user_id: { status: 400, title: 'The user id is reserved' },
  range_too_large: { status: 400, title: 'The range is too large' },
  seq_out_of_range: { status: 400, title: 'The conversation has no message with this seq yet' },
  token_missing: { status: 401, title: 'A bearer token is required' },
  token_invalid: { status: 401, title: 'The token is not valid here' },
  token_expired: { status: 401, title: 'The token has expired' },
  token_not_active: { status: 401, title: 'The token is not valid yet' },
  key_invalid: { status: 401, title: 'The key is not valid here' },
  attachment_url_invalid: { status: 403, title: 'The URL is not good for this' },
  origin_not_allowed: { status: 403, title: 'The origin is not allowed' },
  scope_missing: { status: 403, title: 'The integration lacks the scope for this' },
  out_of_turn: { status: 403, title: 'It is the other party\'s move' },
  blocked: { status: 403, title: 'The caller has blocked this user' },
  contact_not_allowed: { status: 403, title: 'The user can\'t be written to' },
  reply_awaited: { status: 403, title: 'The user has to answer first' },
  suspended: { status: 403, title: 'The user is suspended' },
  sign_in_again: { status: 403, title: 'This needs a recent sign-in' },
  route_not_found: { status: 404, title: 'There is no such route' },
  user_not_found: { status: 404, title: 'There was never a user with this id here' },
  trade_not_found: { status: 404, title: 'There is no such trade offer' },
  endpoint_not_found: { status: 404, title: 'There is no such endpoint' },
  attachment_not_found: { status: 404, title: 'There is no such attachment' },
  conversation_not_found: { status: 404, title: 'There is no such conversation' },
  method_not_allowed: { status: 405, title: 'The route does not support this method' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  attachment_not_uploaded: { status: 409, title: 'The attachment has not been uploaded' },
  attachment_used: { status: 409, title: 'The attachment belongs to a message already' },
  attachment_scanning: { status: 409, title: 'The attachment is still being checked' },
  trade_closed: { status: 409, title: 'The trade offer is closed' },
  stale_revision: { status: 409, title: 'The trade offer has another revision by now' },
  too_many_endpoints: { status: 409, title: 'The integration can\'t have more endpoints' },
  too_many_revisions: { status: 409, title: 'The trade offer can\'t be countered any more' },
  attachment_unavailable: { status: 410, title: 'The attachment is gone' },
  attachment_uploaded: { status: 412, title: 'The attachment has been uploaded already' },
  attachment_too_large: { status: 413, title: 'The attachment is too large' },
  body_too_large: { status: 413, title: 'The body is larger than 16 KiB' },
  attachment_type_not_allowed: { status: 415, title: 'Files of this type can\'t be attached' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  attachment_mismatch: { status: 422, title: 'The file is not what was announced' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used for another request' },
  not_a_member: { status: 422, title: 'The sender is no member of the conversation' },
  url_not_allowed: { status: 422, title: 'Events can\'t be sent to this URL' },
  upgrade_required: { status: 426, title: 'This route speaks WebSocket' },
  too_many_connections: { status: 429, title: 'The user has too many connections' },
  attachment_quota: { status: 429, title: 'Too many attachments' },
  contact_limit: { status: 429, title: 'Too many new conversations today' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },
  internal_error: { status: 500, title: 'The server failed' },
  database_unavailable: { status: 503, title: 'The database is unavailable' },
  clock_skewed: { status: 503, title: 'The instance\'s clock is wrong' },
  keys_unavailable: { status: 503, title: 'The token issuer\'s keys are unavailable' },
  conversation_busy: { status: 503, title: 'The conversation is too busy' },
  connection_limit: { status: 503, title: 'The instance has no room for more connections' },
  storage_unavailable: { status: 503, title: 'The attachments are unavailable' },
  shutting_down: { status: 503, title: 'The instance is shutting down' }
} as const

export type ProblemCode = keyof typeof problemCatalogue

/** How many violations a problem names; a small body can have thousands. */
export const maxViolations = 20

/** What a rule allows: a bound, a format, a name or several. */
export type ViolationParam = string | number | boolean | string[]

export const ViolationSchema = Type.Object({
  path: Type.String({ description: 'JSON Pointer into the part of the request' }),
  message: Type.String({ description: 'What is wrong, in words' }),
  keyword: Type.Optional(Type.String({ description: 'The rule that is broken, for programs: a keyword of JSON Schema, or one of the server\'s own' })),
  params: Type.Optional(Type.Unsafe<Record<string, ViolationParam>>({
    type: 'object',
    additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', items: { type: 'string' } }] },
    description: 'What the rule allows, such as its `limit`; nothing of what was sent'
  }))
}, {
  $id: 'Violation',
  description: 'What is wrong with a part of a request',
  additionalProperties: false,
  examples: [{ path: '/seq', message: 'must be integer', keyword: 'type', params: { type: 'integer' } }]
})

export const ProblemSchema = Type.Object({
  type: Type.String({ description: 'A URN that names the kind of problem: `urn:equilux:problem:` and the code' }),
  title: Type.String({ description: 'The kind of problem in words, in the language of the answer' }),
  status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status' }),
  code: Type.Unsafe<ProblemCode>(Type.String({
    enum: Object.keys(problemCatalogue),
    description: 'The kind of problem for programs; never reworded'
  })),
  detail: Type.Optional(Type.String({ description: 'What went wrong in this request' })),
  requestId: Type.Optional(Type.String({ description: 'Names the request in the server\'s log' })),
  errors: Type.Optional(Type.Array(ref(ViolationSchema), { maxItems: maxViolations, description: 'For validation_failed: the violations; `detail` says how many there are beyond these' })),
  offer: Type.Optional(Type.Unsafe<TradeOffer>({ ...ref(TradeOfferSchema), description: 'For a refused move: the offer as it is' }))
}, {
  $id: 'Problem',
  description: 'A problem as in RFC 9457',
  additionalProperties: false,
  examples: [{
    type: 'urn:equilux:problem:token_expired',
    title: 'The token has expired',
    status: 401,
    code: 'token_expired',
    detail: 'The token has expired',
    requestId: '5f6b7a0e-3f5f-4a52-9a55-0a0b39c1f3c5'
  }]
})

export type Problem = Static<typeof ProblemSchema>

/** What a problem carries besides its code, in the document's examples. */
const particulars: Partial<Record<ProblemCode, Partial<Problem>>> = {
  validation_failed: {
    detail: 'body/seq must be integer', errors: ViolationSchema.examples
  },
  out_of_turn: { offer: TradeOfferSchema.examples[0] as TradeOffer },
  trade_closed: { offer: { ...TradeOfferSchema.examples[0], status: 'accepted', awaiting: null } as TradeOffer },
  stale_revision: { offer: { ...TradeOfferSchema.examples[0], revision: 2, awaiting: 'alice' } as TradeOffer }
}

/** The problem of a code as an example. */
export function problemExample (code: ProblemCode): Problem {
  const { status, title } = problemCatalogue[code]
  return {
    type: `urn:equilux:problem:${code}`, title, status, code, detail: title, requestId: ProblemSchema.examples[0].requestId, ...particulars[code]
  }
}

/**
 * The documented error responses of a route.
 * @param codes the problem codes it can answer with
 * @returns a map from status to response schema, which names the codes twice: in words, and as the names of its examples
 */
export function problemResponses (...codes: ProblemCode[]) {
  const byStatus: Record<number, ProblemCode[]> = {}
  for (const code of new Set(codes)) (byStatus[problemCatalogue[code].status] ??= []).push(code)
  return Object.fromEntries(Object.entries(byStatus).map(([status, codes]) => [status, {
    description: codes.map(code => `\`${code}\`: ${problemCatalogue[code].title}.`).join(' '),
    content: {
      'application/problem+json': {
        schema: Type.Ref('Problem'),
        examples: Object.fromEntries(codes.map(code => [code, { summary: problemCatalogue[code].title, value: problemExample(code) }]))
      }
    }
  }]))
}

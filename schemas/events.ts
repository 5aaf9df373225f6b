import { Type, type Static, type TObject, type TProperties, type TSchema } from '@sinclair/typebox'
import { ConversationIdSchema, CursorSchema, PositionSchema, ref, SeqSchema, TimestampSchema, UserIdSchema } from './common.js'
import { LocaleSchema } from './locales.js'
import { acceptedOffer, MessageSchema, TextMessageSchema, TradeOfferMessageSchema, TradeResponseMessageSchema } from './message.js'
import { ProblemSchema } from './problem.js'
import { TradeOfferSchema, type TradeOffer } from './trade-offer.js'

const FrameIdSchema = Type.String({
  minLength: 1, maxLength: 64, description: 'Chosen by the client; echoed in the `ack` or `error` that answers the frame'
})

const strict = { additionalProperties: false }

const now = TimestampSchema.examples[0]
const cursor = CursorSchema.examples[0]

function clientFrame<Name extends string, Data extends TProperties> (
  type: Name, data: Data, description: string, example: Static<TObject<Data>>
) {
  return Type.Object({
    type: Type.Literal(type),
    id: Type.Optional(FrameIdSchema),
    data: Type.Object(data, strict)
  }, { ...strict, description, examples: [{ type, id: '1', data: example }] })
}

/** Frames that a client may send, by type. */
export const clientFrameSchemas = {
  auth: clientFrame('auth', {
    token: Type.String({ minLength: 1, maxLength: 8192 }),
    since: Type.Optional(CursorSchema),
    locale: Type.Optional({ ...LocaleSchema, description: 'The language in which refusals are worded, rather than that of the upgrade\'s `Accept-Language` or the token\'s' }),
    takeOver: Type.Optional(Type.Boolean({ description: 'Where the user has too many connections, the oldest on this instance gives way: it is closed with 4005' }))
  }, 'Say who you are, with `since` to begin with what was missed, or renew the token before it expires', { token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl' }),
  typing: clientFrame('typing', { userId: UserIdSchema }, 'Tell that user that this one is typing; nobody is told unless both have written to each other', { userId: 'bob' }),
  stopTyping: clientFrame('stopTyping', { userId: UserIdSchema }, 'Tell that user that this one stopped typing', { userId: 'bob' }),
  read: clientFrame('read', { userId: UserIdSchema, seq: SeqSchema },
    'Everything up to `seq` in the conversation with that user is read', { userId: 'bob', seq: 42 }),
  resume: clientFrame('resume', { since: CursorSchema }, 'Send what was missed since the last cursor seen', { since: cursor }),
  pong: Type.Object({
    type: Type.Literal('pong'), id: Type.Optional(FrameIdSchema), data: Type.Optional(Type.Object({}, strict))
  }, { ...strict, description: 'Answers a `ping`; any other frame, or the protocol\'s own pong, does as well', examples: [{ type: 'pong' }] })
}

export type ClientFrames = { [Name in keyof typeof clientFrameSchemas]: Static<typeof clientFrameSchemas[Name]> }
export type ClientFrame = ClientFrames[keyof ClientFrames]

function durableFrame<Name extends string, Data extends TSchema> (
  type: Name, data: Data, description: string, ...examples: Static<Data>[]
) {
  return Type.Object({ type: Type.Literal(type), cursor: CursorSchema, data }, {
    ...strict, description, examples: examples.map(data => ({ type, cursor, data }))
  })
}

function serverFrame<Name extends string, Data extends TSchema> (type: Name, data: Data, description: string, example: Static<Data>) {
  return Type.Object({ type: Type.Literal(type), data }, { ...strict, description, examples: [{ type, data: example }] })
}

const AnsweredSchema = Type.Optional(FrameIdSchema)
const [response] = TradeResponseMessageSchema.examples

/** Frames that the server sends, by type. */
export const serverFrameSchemas = {
  connected: serverFrame('connected', Type.Object({
    userId: UserIdSchema,
    serverTime: TimestampSchema,
    heartbeatSeconds: Type.Number(),
    cursor: CursorSchema
  }, strict), 'The connection is authenticated; events follow', { userId: 'alice', serverTime: now, heartbeatSeconds: 25, cursor }),
  newMessage: durableFrame('newMessage', ref(MessageSchema), 'A message that the user sent or received',
    ...TextMessageSchema.examples, ...TradeOfferMessageSchema.examples),
  tradeResponse: durableFrame('tradeResponse', Type.Object({
    offer: ref(TradeOfferSchema),
    message: ref(TradeResponseMessageSchema)
  }, strict), 'A move in a negotiation of the user, and the offer as it stands with it', { offer: acceptedOffer, message: response }),
  tradeExpiring: serverFrame('tradeExpiring', Type.Object({
    offer: ref(TradeOfferSchema),
    hoursLeft: Type.Unsafe<24 | 1>(Type.Integer({ enum: [24, 1], description: 'How many hours are left, about' }))
  }, strict), 'The terms on the table of an offer of the user run out soon; when they do a `tradeResponse` with `expire` follows. It may come twice', { offer: TradeOfferSchema.examples[0] as TradeOffer, hoursLeft: 1 }),
  typing: serverFrame('typing', Type.Object({ userId: UserIdSchema }, strict), 'That user is typing to this one', { userId: 'bob' }),
  stopTyping: serverFrame('stopTyping', Type.Object({ userId: UserIdSchema }, strict), 'That user stopped typing', { userId: 'bob' }),
  read: serverFrame('read', Type.Object({
    userId: UserIdSchema,
    conversationId: ConversationIdSchema,
    seq: PositionSchema,
    unreadCount: Type.Optional(Type.Integer({ minimum: 0, description: 'Only in a user\'s own: how many messages of the other are unread now' }))
  }, strict), 'That user has read up to `seq`, and no less if it was more; a user\'s own devices are told as well, the other one only if both have written to each other', { userId: 'bob', conversationId: 'alice~bob', seq: 42 }),
  presence: serverFrame('presence', Type.Object({
    userId: UserIdSchema, online: Type.Boolean(), lastSeenAt: TimestampSchema
  }, strict), 'A user came, or went, with whom this one is acquainted: both have written to each other', { userId: 'bob', online: true, lastSeenAt: now }),
  ping: serverFrame('ping', Type.Object({ serverTime: TimestampSchema }, strict), 'Answer with `pong`', { serverTime: now }),
  resumed: serverFrame('resumed', Type.Object({
    cursor: CursorSchema, replayed: Type.Integer({ minimum: 0, description: 'How many messages were sent again' })
  }, strict), 'The catch-up has ended; from here on it is live', { cursor, replayed: 3 }),
  ack: Type.Object({ type: Type.Literal('ack'), id: FrameIdSchema }, {
    ...strict, description: 'The frame with this id was carried out', examples: [{ type: 'ack', id: '1' }]
  }),
  error: Type.Object({
    type: Type.Literal('error'),
    id: AnsweredSchema,
    data: Type.Object({
      code: ProblemSchema.properties.code,
      title: ProblemSchema.properties.title,
      detail: Type.String({ description: 'What went wrong, in the language of the connection' }),
      errors: ProblemSchema.properties.errors,
      retryable: Type.Boolean({ description: 'Whether the same frame may succeed later' })
    }, strict)
  }, {
    ...strict,
    description: 'A frame was refused',
    examples: [{ type: 'error', id: '1', data: { code: 'rate_limited', title: 'Too many requests', detail: 'Too many frames', retryable: true } }]
  })
}

/** Events that only the stream has. */
export const streamOnlySchemas = {
  closed: serverFrame('closed', Type.Object({
    code: Type.Integer({ minimum: 4000, maximum: 4999, description: 'The close code that a WebSocket would get: it says what to do' }),
    reason: Type.String({ description: 'What it is called' })
  }, strict), 'The stream ends, and why. One that has lasted its time ends without', { code: 4005, reason: 'taken_over' })
}

export type StreamOnlyType = keyof typeof streamOnlySchemas

/** Frames that keep up or answer a WebSocket; the event stream has no use for them. */
export const socketOnlyFrames: ReadonlySet<string> = new Set(['ping', 'ack', 'error'])

export type ServerFrames = { [Name in keyof typeof serverFrameSchemas]: Static<typeof serverFrameSchemas[Name]> }

/** An event before it has a cursor, which depends on who gets it. */
export type ServerEvent = Omit<ServerFrames['newMessage'], 'cursor'> | Omit<ServerFrames['tradeResponse'], 'cursor'> |
  ServerFrames['tradeExpiring' | 'typing' | 'stopTyping' | 'read' | 'presence']
export type ServerFrame = ServerFrames[keyof ServerFrames]

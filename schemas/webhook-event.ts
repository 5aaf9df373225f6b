import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { InfectedAttachmentSchema } from './attachment.js'
import { ref, TimestampSchema } from './common.js'
import { acceptedOffer, TextMessageSchema, TradeOfferMessageSchema, TradeResponseMessageSchema, type TradeResponseMessage } from './message.js'
import { UserReportSchema } from './report.js'
import { ProposalSchema, TradeOfferSchema, type TradeAction, type TradeOffer } from './trade-offer.js'

/** Names an endpoint among all. */
export const EndpointIdSchema = Type.String({ pattern: '^[0-9a-f]{16}$', description: 'Names the endpoint', examples: ['4e07408562bedb8b'] })

export const UrlSchema = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'Where events are sent: `https`, with the name of a public host; no user name, password or fragment',
  examples: ['https://billing.example/equilux']
})

/** Why an endpoint gets no events by itself: it answered 410, or every attempt of five days failed. */
export const DisabledReasonSchema = Type.Unsafe<'gone' | 'failing'>(Type.String({
  enum: ['gone', 'failing'], description: '`gone`: it answered 410; `failing`: every attempt of five days failed'
}))

const strict = { additionalProperties: false }

function event<Name extends string, Data extends TSchema> (type: Name, $id: string, data: Data, description: string, example: { timestamp: string, data: Static<Data> }) {
  return Type.Object({
    type: Type.Literal(type),
    timestamp: { ...TimestampSchema, description: 'When it happened: RFC 3339, UTC, milliseconds' },
    data
  }, { $id, ...strict, description, examples: [{ type, ...example }] })
}

const [offered] = TradeOfferMessageSchema.examples
const [accepted] = TradeResponseMessageSchema.examples
const [said] = TextMessageSchema.examples
const [offer] = TradeOfferSchema.examples as [TradeOffer]

/** An event of an offer's opening or of a later move. */
function move<Name extends string> (type: Name, $id: string, description: string, action: Exclude<TradeAction, 'offer'>, after: Partial<TradeOffer>) {
  const terms = action === 'counter' ? { terms: ProposalSchema.examples[0] } : {}
  const message = { ...accepted, tradeResponse: { offerId: offer.messageId, action, revision: after.revision ?? 1, ...terms } } as TradeResponseMessage
  return event(type, $id, Type.Object({ offer: ref(TradeOfferSchema), message: ref(TradeResponseMessageSchema) }, strict), description, {
    timestamp: accepted.timestamp, data: { offer: { ...acceptedOffer, ...after }, message }
  })
}

/** What is sent to endpoints, by type: what happened, when, and all about it. Once or more often, under the same `webhook-id`. */
export const webhookEventSchemas = {
  'trade.offered': event('trade.offered', 'TradeOfferedEvent', Type.Object({
    offer: ref(TradeOfferSchema), message: ref(TradeOfferMessageSchema)
  }, strict), 'A negotiation was opened', { timestamp: offered.timestamp, data: { offer, message: offered } }),
  'trade.countered': move('trade.countered', 'TradeCounteredEvent', 'Other terms were proposed', 'counter', { status: 'countered', revision: 2, awaiting: 'alice' }),
  'trade.accepted': move('trade.accepted', 'TradeAcceptedEvent', 'The terms on the table were agreed to', 'accept', {}),
  'trade.rejected': move('trade.rejected', 'TradeRejectedEvent', 'The terms on the table were refused', 'reject', { status: 'rejected' }),
  'trade.withdrawn': move('trade.withdrawn', 'TradeWithdrawnEvent', 'The terms on the table were taken back', 'withdraw', { status: 'withdrawn' }),
  'trade.expired': move('trade.expired', 'TradeExpiredEvent', 'The terms on the table ran out', 'expire', { status: 'expired' }),
  'trade.expiring': event('trade.expiring', 'TradeExpiringEvent', Type.Object({
    offer: ref(TradeOfferSchema),
    hoursLeft: Type.Unsafe<24 | 1>(Type.Integer({ enum: [24, 1], description: 'How many hours before the end this event is due' })),
    expiresAt: { ...TimestampSchema, description: 'When the terms on the table run out' }
  }, strict), 'The terms on the table run out soon, and nobody has moved', {
    timestamp: '2027-06-01T11:00:00.000Z', data: { offer, hoursLeft: 1, expiresAt: offer.currentProposal.expiresAt }
  }),
  'message.created': event('message.created', 'MessageCreatedEvent', Type.Object({
    message: ref(TextMessageSchema)
  }, strict), 'Something was said; moves have types of their own', { timestamp: said.timestamp, data: { message: said } }),
  'user.reported': event('user.reported', 'UserReportedEvent', Type.Object({
    report: ref(UserReportSchema)
  }, strict), 'A user reported another one', { timestamp: UserReportSchema.examples[0].createdAt, data: { report: UserReportSchema.examples[0] } }),
  'attachment.infected': event('attachment.infected', 'AttachmentInfectedEvent', Type.Object({
    attachment: ref(InfectedAttachmentSchema)
  }, strict), 'A scanner found malware in what a user sent or was about to send', {
    timestamp: TimestampSchema.examples[0], data: { attachment: InfectedAttachmentSchema.examples[0] }
  }),
  'endpoint.disabled': event('endpoint.disabled', 'EndpointDisabledEvent', Type.Object({
    endpointId: EndpointIdSchema, url: UrlSchema, reason: DisabledReasonSchema
  }, strict), 'Another endpoint of the integration gets no events any more', {
    timestamp: '2026-11-22T10:15:30.123Z', data: { endpointId: EndpointIdSchema.examples[0], url: UrlSchema.examples[0], reason: 'gone' }
  }),
  ping: event('ping', 'PingEvent', Type.Object({ endpointId: EndpointIdSchema }, strict), 'A test that the integration asked for', {
    timestamp: '2026-11-22T10:15:30.123Z', data: { endpointId: EndpointIdSchema.examples[0] }
  })
}

export type WebhookEvents = { [Name in keyof typeof webhookEventSchemas]: Static<typeof webhookEventSchemas[Name]> }
export type WebhookEventType = keyof WebhookEvents
export type WebhookEvent = WebhookEvents[WebhookEventType]

/** What an endpoint can ask for: a ping comes only when it is wanted. */
export type SubscribedType = Exclude<WebhookEventType, 'ping'>
export const subscribedTypes = Object.keys(webhookEventSchemas).filter(type => type !== 'ping') as SubscribedType[]

export const SubscribedTypeSchema = Type.Unsafe<SubscribedType>(Type.String({
  enum: subscribedTypes,
  description: '`trade.…` needs the scope `trades`, `message.created` the scope `messages`, `user.reported` and `attachment.infected` the scope `moderation`'
}))

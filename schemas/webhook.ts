import { Type, type Static } from '@sinclair/typebox'
import {
  ConversationIdSchema, LimitSchema, NextPageTokenSchema, nullable, PageTokenSchema, ref, SeqSchema, TimestampSchema
} from './common.js'
import { EndpointIdSchema, UrlSchema, webhookEventSchemas, type WebhookEventType } from './webhook-event.js'

const strict = { additionalProperties: false }

/** What an endpoint can ask for: a ping comes only when it is wanted. */
export type SubscribedType = Exclude<WebhookEventType, 'ping'>
const subscribedTypes = Object.keys(webhookEventSchemas).filter(type => type !== 'ping') as SubscribedType[]

const SubscribedTypeSchema = Type.Unsafe<SubscribedType>(Type.String({
  enum: subscribedTypes,
  description: '`trade.…` needs the scope `trades`, `message.created` the scope `messages`'
}))

const EventsSchema = Type.Array(SubscribedTypeSchema, {
  minItems: 1, maxItems: subscribedTypes.length, uniqueItems: true, description: 'The types of events that are sent there'
})
const DescriptionSchema = Type.String({ minLength: 1, maxLength: 200, format: 'well-formed', description: 'What it is for' })

export const CreateEndpointSchema = Type.Object({
  url: UrlSchema,
  events: EventsSchema,
  description: Type.Optional(DescriptionSchema)
}, {
  $id: 'CreateEndpoint',
  description: 'Where to send what',
  ...strict,
  examples: [{ url: UrlSchema.examples[0], events: ['trade.accepted', 'trade.expired'], description: 'Billing' }]
})

export const ChangeEndpointSchema = Type.Object({
  url: Type.Optional(UrlSchema),
  events: Type.Optional(EventsSchema),
  description: Type.Optional(DescriptionSchema),
  enabled: Type.Optional(Type.Boolean({ description: 'Whether it gets events; those of the meantime are held and can be replayed' }))
}, {
  $id: 'ChangeEndpoint', description: 'What to change; what is left out stays', ...strict, minProperties: 1, examples: [{ enabled: true }]
})

export type CreateEndpoint = Static<typeof CreateEndpointSchema>
export type ChangeEndpoint = Static<typeof ChangeEndpointSchema>

const endpointProperties = {
  endpointId: EndpointIdSchema,
  url: UrlSchema,
  events: EventsSchema,
  description: Type.Optional(DescriptionSchema),
  enabled: Type.Boolean({ description: 'Whether it gets events' }),
  disabledReason: Type.Unsafe<'asked' | 'gone' | 'failing' | null>({
    type: ['string', 'null'],
    enum: ['asked', 'gone', 'failing', null],
    description: 'Why it gets none: it was asked for, the endpoint answered 410, or every attempt of five days failed'
  }),
  failingSince: nullable(TimestampSchema, { description: 'Since when every attempt has failed; null if the last one didn\'t' }),
  previousSecretUntil: nullable(TimestampSchema, { description: 'Until when the secret before signs along; null if it doesn\'t' }),
  createdAt: TimestampSchema
}

const example = {
  endpointId: EndpointIdSchema.examples[0],
  url: UrlSchema.examples[0],
  events: ['trade.accepted', 'trade.expired'],
  description: 'Billing',
  enabled: true,
  disabledReason: null,
  failingSince: null,
  previousSecretUntil: null,
  createdAt: TimestampSchema.examples[0]
}

const SecretSchema = Type.String({
  pattern: '^whsec_[A-Za-z0-9+/]{43}=$', description: 'Verifies what comes (Standard Webhooks); shown now only', examples: [`whsec_${'A'.repeat(43)}=`]
})

export const EndpointSchema = Type.Object(endpointProperties, {
  $id: 'Endpoint', description: 'Where events are sent', ...strict, examples: [example]
})

export const EndpointWithSecretSchema = Type.Object({ ...endpointProperties, secret: SecretSchema }, {
  $id: 'EndpointWithSecret', description: 'A new endpoint, with the secret that verifies what it gets', ...strict, examples: [{ ...example, secret: SecretSchema.examples[0] }]
})

export const EndpointListSchema = Type.Object({ endpoints: Type.Array(ref(EndpointSchema)) }, {
  $id: 'EndpointList', description: 'All endpoints of the integration', ...strict, examples: [{ endpoints: [example] }]
})

export const NewSecretSchema = Type.Object({
  secret: SecretSchema,
  previousSecretUntil: { ...TimestampSchema, description: 'Until when the secret before signs along' }
}, {
  $id: 'NewSecret',
  description: 'The secret that signs from now on',
  ...strict,
  examples: [{ secret: SecretSchema.examples[0], previousSecretUntil: TimestampSchema.examples[0] }]
})

export type Endpoint = Static<typeof EndpointSchema>
export type EndpointWithSecret = Static<typeof EndpointWithSecretSchema>
export type NewSecret = Static<typeof NewSecretSchema>

const faults = {
  url_not_allowed: 'its URL isn\'t allowed any more',
  address_not_allowed: 'its host leads to an address that isn\'t',
  host_not_found: 'its host isn\'t known',
  connection_failed: 'no connection stood, or it broke',
  tls_failed: 'its certificate isn\'t good, or TLS isn\'t spoken',
  timeout: 'there was no answer within 15 s',
  answer_invalid: 'what came wasn\'t HTTP',
  proxy_refused: 'the proxy refused',
  event_gone: 'what is to be told isn\'t there any more'
}

/** Why an attempt had no answer. */
export type DeliveryFault = keyof typeof faults

const FaultSchema = Type.Unsafe<DeliveryFault | null>({
  type: ['string', 'null'],
  enum: [...Object.keys(faults), null],
  description: `Why there was no answer: ${Object.entries(faults).map(([fault, words]) => `\`${fault}\`: ${words}`).join('; ')}`
})

const StatusSchema = Type.Unsafe<number | null>({
  type: ['integer', 'null'], minimum: 100, maximum: 999, description: 'The status of the answer; of what else it said nothing is kept'
})

export const TestResultSchema = Type.Object({
  status: StatusSchema,
  fault: FaultSchema,
  milliseconds: Type.Integer({ minimum: 0, description: 'How long it took' })
}, { $id: 'WebhookTestResult', description: 'What came of a ping', ...strict, examples: [{ status: 204, fault: null, milliseconds: 87 }] })

export type TestResult = Static<typeof TestResultSchema>

const states = ['pending', 'delivered', 'failed', 'held'] as const
export type DeliveryState = typeof states[number]

const DeliveryStateSchema = Type.Unsafe<DeliveryState>(Type.String({
  enum: [...states],
  description: '`pending`: it is tried again; `delivered`: the endpoint has it; `failed`: it was given up; `held`: the endpoint was disabled'
}))

export const DeliverySchema = Type.Object({
  eventId: Type.String({ pattern: '^msg_[0-9a-f]{32}$', description: 'The `webhook-id` of every attempt', examples: ['msg_0f8c1e6a5b1d4a579d576f4f2f0b8f5e'] }),
  type: SubscribedTypeSchema,
  timestamp: { ...TimestampSchema, description: 'When it happened' },
  conversationId: Type.Optional(ConversationIdSchema),
  seq: Type.Optional(SeqSchema),
  state: DeliveryStateSchema,
  attempts: Type.Integer({ minimum: 0, description: 'How many were made' }),
  lastStatus: StatusSchema,
  lastFault: FaultSchema,
  nextAttemptAt: nullable(TimestampSchema, { description: 'When it is tried again; null if it isn\'t' })
}, {
  $id: 'Delivery',
  description: 'What became of an event for an endpoint. Kept for 30 days after it happened',
  ...strict,
  examples: [{
    eventId: 'msg_0f8c1e6a5b1d4a579d576f4f2f0b8f5e',
    type: 'trade.accepted',
    timestamp: TimestampSchema.examples[0],
    conversationId: 'alice~bob',
    seq: 44,
    state: 'pending',
    attempts: 2,
    lastStatus: 500,
    lastFault: null,
    nextAttemptAt: '2026-11-22T10:20:35.123Z'
  }]
})

export const DeliveryPageSchema = Type.Object({
  deliveries: Type.Array(ref(DeliverySchema)),
  nextPageToken: NextPageTokenSchema
}, {
  $id: 'DeliveryPage',
  description: 'Deliveries, newest events first. A filtered page may hold fewer than `limit` though more follow: go by `nextPageToken`',
  ...strict,
  examples: [{ deliveries: DeliverySchema.examples, nextPageToken: null }]
})

const TimeSchema = (description: string) => Type.String({ format: 'date-time', description, examples: ['2026-11-22T00:00:00Z'] })

export const ListDeliveriesQuerySchema = Type.Object({
  state: Type.Optional(DeliveryStateSchema),
  since: Type.Optional(TimeSchema('Only events from then on')),
  limit: Type.Optional(LimitSchema),
  pageToken: Type.Optional(PageTokenSchema)
}, strict)

export type Delivery = Static<typeof DeliverySchema>
export type DeliveryPage = Static<typeof DeliveryPageSchema>
export type ListDeliveriesQuery = Static<typeof ListDeliveriesQuerySchema>

export const ReplaySchema = Type.Object({
  since: TimeSchema('Events from then on; at most 30 days ago'),
  until: Type.Optional(TimeSchema('Events before then; by default until now')),
  state: Type.Unsafe<'failed' | 'all'>(Type.String({ enum: ['failed', 'all'], description: '`failed`: what was given up; `all`: what was held or delivered too' }))
}, {
  $id: 'Replay', description: 'What to send again; what is tried anyway is left alone', ...strict, examples: [{ since: '2026-11-22T00:00:00Z', state: 'failed' }]
})

export const ReplayedSchema = Type.Object({
  replayed: Type.Integer({ minimum: 0, maximum: 1000, description: 'How many events are sent again' }),
  nextSince: nullable(TimestampSchema, { description: 'Where to go on with another call, as its `since`; null at the end' })
}, { $id: 'Replayed', description: 'They will be sent, the oldest first', ...strict, examples: [{ replayed: 12, nextSince: null }] })

export type Replay = Static<typeof ReplaySchema>
export type Replayed = Static<typeof ReplayedSchema>

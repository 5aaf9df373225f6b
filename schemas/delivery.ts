import { Type, type Static } from '@sinclair/typebox'
import {
  ConversationIdSchema, LimitSchema, NextPageTokenSchema, nullable, PageTokenSchema, ref, SeqSchema, TimestampSchema
} from './common.js'
import { SubscribedTypeSchema } from './webhook-event.js'

const strict = { additionalProperties: false }

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

import { Type, type Static } from '@sinclair/typebox'
import { nullable, ref, TimestampSchema } from './common.js'
import { EndpointIdSchema, SubscribedTypeSchema, subscribedTypes, UrlSchema } from './webhook-event.js'

const strict = { additionalProperties: false }

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

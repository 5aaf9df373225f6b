import { Type, type Static } from '@sinclair/typebox'
import { ClientIdSchema, nullable, TextSchema, TimestampSchema, UserIdSchema } from './common.js'

/** What an integration may be allowed. */
export const scopes = ['trades', 'messages', 'settlement', 'moderation', 'analytics'] as const

export type Scope = typeof scopes[number]

export const ScopeSchema = Type.Unsafe<Scope>(Type.String({
  enum: [...scopes],
  description: '`trades`: offers and moves of all users, without what was said; `messages`: texts too, to enter users and to write for them; ' +
    '`settlement`: deliveries; `moderation`: reports, infected attachments, and to suspend users; `analytics`: figures of all users together'
}))

const IntegrationIdSchema = Type.String({ pattern: '^[0-9a-f]{16}$', description: 'Names the integration', examples: ['9f86d081884c7d65'] })

/** What users see of an integration. */
export const IntegrationNameSchema = Type.String({ minLength: 1, maxLength: 100, description: 'The name of an integration', examples: ['Stadtwerke'] })

const KeySchema = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{8}$', description: 'Names the key among those of the integration', examples: ['2c26b46b'] }),
  createdAt: TimestampSchema,
  endsAt: nullable(TimestampSchema, { description: 'From then on it is refused; null where it has no end' })
}, { additionalProperties: false })

export const IntegrationSchema = Type.Object({
  integrationId: IntegrationIdSchema,
  name: IntegrationNameSchema,
  scopes: Type.Array(ScopeSchema, { description: 'What it may do' }),
  keys: Type.Array(KeySchema, { description: 'Its keys, those that have ended among them until another one is made' })
}, {
  $id: 'Integration',
  description: 'A server that works with this one under a key of its own',
  additionalProperties: false,
  examples: [{
    integrationId: '9f86d081884c7d65',
    name: 'Stadtwerke',
    scopes: ['trades', 'messages'],
    keys: [{ id: '2c26b46b', createdAt: '2026-11-22T10:15:30.123Z', endsAt: null }]
  }]
})

export type Integration = Static<typeof IntegrationSchema>

export const WriteMessageSchema = Type.Object({
  senderId: UserIdSchema,
  text: TextSchema,
  clientId: Type.Optional(ClientIdSchema)
}, {
  $id: 'WriteMessage',
  description: 'What a user says through an integration',
  additionalProperties: false,
  examples: [{ senderId: 'alice', text: 'Your meter was read: 12.5 kWh were delivered.' }]
})

export type WriteMessage = Static<typeof WriteMessageSchema>

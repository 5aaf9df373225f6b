import { Type, type SchemaOptions, type Static, type TSchema, type TString } from '@sinclair/typebox'

/**
 * A reference to a shared schema by its `$id`, typed as what it refers to.
 * @param schema a schema with an `$id`; it must be registered with the app (schemas/index.ts)
 */
export function ref<T extends TSchema> (schema: T) {
  if (schema.$id === undefined) throw new TypeError('Only a schema with an $id can be referred to')
  return Type.Unsafe<Static<T>>(Type.Ref(schema.$id))
}

/**
 * A string that may be null: two types rather than a union, which would be validated while it is serialized.
 * @param schema what a string looks like
 */
export function nullable (schema: TString, options: SchemaOptions = {}) {
  return Type.Unsafe<string | null>({ ...schema, ...options, type: ['string', 'null'] })
}

/**
 * What tells the branches of a union apart, as OpenAPI wants it.
 * @param branches by their value of the property, which each has as a constant
 */
export function discriminator (propertyName: string, branches: Record<string, TSchema>) {
  const mapping = Object.fromEntries(Object.entries(branches).map(([value, { $id }]) => [value, `#/components/schemas/${$id}`]))
  return { propertyName, mapping }
}

/** Ids that a path segment of this API already means; they can't be messaged. */
export const reservedUserIds: ReadonlySet<string> = new Set(['users', 'conversations', 'trades', 'sync'])

const userId = '[A-Za-z0-9@:|+=_-][A-Za-z0-9@.:|+=_-]*'

/**
 * The token's `sub`. Everything that identity providers put there (UUIDs, e-mail addresses, `auth0|…`, `region:uuid`)
 * but none of the characters that separate parts of a key (`#`, `~`, `$`), and no leading dot (`.` and `..` are
 * removed from paths by URL parsers).
 */
export const UserIdSchema = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: `^${userId}$`,
  description: 'A user id: the `sub` of the user\'s token. Case-sensitive.',
  examples: ['bob']
})

export const ConversationIdSchema = Type.String({
  minLength: 3,
  maxLength: 257,
  pattern: `^${userId}~${userId}$`,
  description: 'The two user ids, sorted by code unit, joined by `~`',
  examples: ['alice~bob']
})

export const TextSchema = Type.String({
  minLength: 1,
  maxLength: 4000,
  format: 'well-formed',
  description: '1 to 4,000 Unicode code points; unpaired surrogates are refused'
})

export const MessageIdSchema = Type.String({ format: 'uuid', description: 'Names the message among all messages', examples: ['7a3f7c7e-3c1f-4e0a-8a55-2f6d1f1f7f60'] })

export const ClientIdSchema = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[\\x21-\\x7e]+$',
  description: 'The name that the sender\'s client gave the message: only the sender sees it, so that a client knows its own again',
  examples: ['01JDB3Q6W1']
})

export const SeqSchema = Type.Integer({
  minimum: 1,
  maximum: 999_999_999_999,
  description: 'Position in the conversation: 1, 2, 3 … without a hole',
  examples: [42]
})

/** A position that may lie before the first message. */
export const PositionSchema = Type.Integer({
  minimum: 0,
  maximum: 999_999_999_999,
  description: 'A `seq`, or 0 for before the first message',
  examples: [0]
})

export const TimestampSchema = Type.String({
  format: 'date-time',
  description: 'RFC 3339, UTC, milliseconds',
  examples: ['2026-11-22T10:15:30.123Z']
})

export const NextPageTokenSchema = nullable(Type.String(), {
  description: 'Pass it as `pageToken` with the same query for the next page; null at the end'
})

export const LimitSchema = Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Items a page', examples: [20] })

export const PageTokenSchema = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'The `nextPageToken` of the page before; valid for its caller and its query only',
  examples: ['eyJzZXEiOjQyfQ.c2lnbmF0dXJl']
})

export const CursorSchema = Type.String({
  minLength: 1,
  maxLength: 8192,
  description: 'How much its user has seen of all conversations; opaque, and good for that user only',
  examples: ['eyJhdCI6MTc5NTMxNzMzMDEyMywic2VlbiI6e319.c2lnbmF0dXJl']
})

/** The cursor of a list. */
export const ListCursorSchema = Type.String({
  ...CursorSchema,
  description: 'What happened after this list is what comes after this cursor, with some of what came before. Of several lists, and of several pages, ' +
    'follow from the cursor of the first that was read'
})

export const IdempotencyHeadersSchema = Type.Object({
  'idempotency-key': Type.Optional(Type.String({
    minLength: 1,
    maxLength: 255,
    pattern: '^[\\x21-\\x7e]+$',
    description: 'Names this attempt for 24 h: a retry with the same key and body returns the first result ' +
      '(draft-ietf-httpapi-idempotency-key-header)',
    examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324']
  }))
})

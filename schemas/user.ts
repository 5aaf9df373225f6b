import { Type, type Static } from '@sinclair/typebox'
import { LimitSchema, NextPageTokenSchema, nullable, PageTokenSchema, ref, TimestampSchema, UserIdSchema } from './common.js'
import { LocaleSchema } from './locales.js'

export const UserSchema = Type.Object({
  userId: UserIdSchema,
  username: Type.String({ maxLength: 128, description: 'The name that the token carries, or the user id' }),
  online: Type.Unsafe<boolean | null>({
    type: ['boolean', 'null'],
    description: 'Whether the user has a live connection; null unless both have written to each other and neither has blocked the other'
  }),
  lastSeenAt: nullable(TimestampSchema, {
    description: 'When the user was last active; null if that was never, and unless both have written to each other and neither has blocked the other'
  })
}, {
  $id: 'User',
  description: 'A user as others see them',
  additionalProperties: false,
  examples: [{ userId: 'bob', username: 'Bob', online: true, lastSeenAt: '2026-11-22T10:15:30.123Z' }]
})

export type User = Static<typeof UserSchema>

export const EnterUserSchema = Type.Object({
  name: Type.String({
    minLength: 1,
    maxLength: 100,
    format: 'display-name',
    description: 'The name that others see: one line, without spaces at its ends and characters that can\'t be seen',
    examples: ['Bob Example']
  }),
  locale: Type.Optional({ ...LocaleSchema, description: 'The user\'s language (BCP 47); left out, it stays as it is' })
}, {
  $id: 'EnterUser',
  description: 'What the directory is to say of a user',
  additionalProperties: false,
  examples: [{ name: 'Bob Example', locale: 'de-AT' }]
})

export type EnterUser = Static<typeof EnterUserSchema>

export const EnteredUserSchema = Type.Object({
  userId: UserIdSchema,
  username: UserSchema.properties.username,
  locale: nullable(LocaleSchema, { description: 'The user\'s language in canonical form; null where it isn\'t known' })
}, {
  $id: 'EnteredUser',
  description: 'A user as entered into the directory',
  additionalProperties: false,
  examples: [{ userId: 'bob', username: 'Bob Example', locale: 'de-AT' }]
})

export type EnteredUser = Static<typeof EnteredUserSchema>

export const ListUsersQuerySchema = Type.Object({
  q: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'How the username begins; letter case and compatibility forms don\'t matter',
    examples: ['bo']
  })),
  limit: Type.Optional(LimitSchema),
  pageToken: Type.Optional(PageTokenSchema)
}, { additionalProperties: false })

export type ListUsersQuery = Static<typeof ListUsersQuerySchema>

export const UserPageSchema = Type.Object({
  users: Type.Array(ref(UserSchema)),
  nextPageToken: NextPageTokenSchema
}, {
  $id: 'UserPage',
  description: 'Users ordered by name',
  additionalProperties: false,
  examples: [{ users: UserSchema.examples, nextPageToken: null }]
})

export type UserPage = Static<typeof UserPageSchema>

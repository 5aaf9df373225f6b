import { Type, type Static } from '@sinclair/typebox'
import { nullable, TimestampSchema, UserIdSchema } from './common.js'
import { LocaleSchema } from './locales.js'
import { UserSchema } from './user.js'

const strict = { additionalProperties: false }

const properties = {
  userId: UserIdSchema,
  username: UserSchema.properties.username,
  locale: nullable(LocaleSchema, { description: 'The language that an integration has entered for me; null where it isn\'t known' }),
  suspendedUntil: nullable(TimestampSchema, { description: 'Until when I may write nothing; null where I may' }),
  erasesAt: nullable(TimestampSchema, { description: 'When everything of mine is erased, because I asked for that; null where I didn\'t' })
}

const example = { userId: 'alice', username: 'Alice', locale: 'de-AT', suspendedUntil: null, erasesAt: null }

export const AccountSchema = Type.Object(properties, {
  $id: 'Account',
  description: 'The caller\'s own account',
  ...strict,
  examples: [example]
})

export const ProfileSchema = Type.Object({
  ...properties, lastSeenAt: nullable(TimestampSchema, { description: 'When I was last active; null where it isn\'t noted' })
}, {
  $id: 'Profile',
  description: 'What is stored of the caller\'s account',
  ...strict,
  examples: [{ ...example, lastSeenAt: TimestampSchema.examples[0] }]
})

export const ErasureSchema = Type.Object({
  erasesAt: { ...TimestampSchema, description: 'When the erasure begins, unless I sign in before that', examples: ['2026-12-22T10:15:30.123Z'] }
}, {
  $id: 'Erasure',
  description: 'That everything of the caller\'s will be erased',
  ...strict,
  examples: [{ erasesAt: '2026-12-22T10:15:30.123Z' }]
})

export type Account = Static<typeof AccountSchema>
export type Profile = Static<typeof ProfileSchema>
export type Erasure = Static<typeof ErasureSchema>

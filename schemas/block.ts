import { Type, type Static } from '@sinclair/typebox'
import { LimitSchema, NextPageTokenSchema, PageTokenSchema, ref, TimestampSchema, UserIdSchema } from './common.js'
import { UserSchema } from './user.js'

export const BlockSchema = Type.Object({
  userId: UserIdSchema,
  username: UserSchema.properties.username,
  blockedAt: TimestampSchema
}, {
  $id: 'Block',
  description: 'A user whom the caller has blocked',
  additionalProperties: false,
  examples: [{ userId: 'bob', username: 'Bob', blockedAt: '2026-11-22T10:15:30.123Z' }]
})

export type Block = Static<typeof BlockSchema>

export const ListBlocksQuerySchema = Type.Object({
  limit: Type.Optional(LimitSchema),
  pageToken: Type.Optional(PageTokenSchema)
}, { additionalProperties: false })

export type ListBlocksQuery = Static<typeof ListBlocksQuerySchema>

export const BlockPageSchema = Type.Object({
  blocks: Type.Array(ref(BlockSchema)),
  nextPageToken: NextPageTokenSchema
}, {
  $id: 'BlockPage',
  description: 'Users whom the caller has blocked, ordered by user id',
  additionalProperties: false,
  examples: [{ blocks: BlockSchema.examples, nextPageToken: null }]
})

export type BlockPage = Static<typeof BlockPageSchema>

import { Type, type Static } from '@sinclair/typebox'
import { CursorSchema, LimitSchema, ref } from './common.js'
import { MessageSchema, OffersSchema, TextMessageSchema } from './message.js'

export const SyncQuerySchema = Type.Object({
  since: Type.Optional(CursorSchema),
  limit: Type.Optional(LimitSchema)
}, { additionalProperties: false })

export type SyncQuery = Static<typeof SyncQuerySchema>

export const MissedPageSchema = Type.Object({
  messages: Type.Array(ref(MessageSchema)),
  offers: OffersSchema,
  cursor: CursorSchema,
  more: Type.Boolean({ description: 'Whether to ask again at once, with `cursor`' })
}, {
  $id: 'MissedPage',
  description: 'What the caller missed, in order within each conversation',
  additionalProperties: false,
  examples: [{ messages: TextMessageSchema.examples, offers: [], cursor: CursorSchema.examples[0], more: false }]
})

export type MissedPage = Static<typeof MissedPageSchema>

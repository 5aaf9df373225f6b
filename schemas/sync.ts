import { Type, type Static } from '@sinclair/typebox'
import { CursorSchema, LimitSchema, ref } from './common.js'
import { ConversationSchema } from './conversation.js'
import { MessageSchema, OffersSchema, TextMessageSchema } from './message.js'

export const SyncQuerySchema = Type.Object({
  since: Type.Optional(CursorSchema),
  limit: Type.Optional(LimitSchema),
  changes: Type.Optional(Type.Boolean({
    default: false, description: 'Whether the last page tells which conversations have changed; it costs a read for each of the 50 that were active last'
  }))
}, { additionalProperties: false })

export type SyncQuery = Static<typeof SyncQuerySchema>

export const MissedPageSchema = Type.Object({
  messages: Type.Array(ref(MessageSchema)),
  offers: OffersSchema,
  cursor: CursorSchema,
  more: Type.Boolean({ description: 'Whether to ask again at once, with `cursor`' }),
  conversations: Type.Optional(Type.Array(ref(ConversationSchema), {
    description: 'With `changes`, on the last page: of the 50 conversations that were active last those with messages, read positions or comings and ' +
      'goings since the cursor, most recent first. That somebody is online counts each time'
  }))
}, {
  $id: 'MissedPage',
  description: 'What the caller missed, in order within each conversation',
  additionalProperties: false,
  examples: [{ messages: TextMessageSchema.examples, offers: [], cursor: CursorSchema.examples[0], more: false }]
})

export type MissedPage = Static<typeof MissedPageSchema>

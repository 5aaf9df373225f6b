import { Type, type Static } from '@sinclair/typebox'
import {
  ConversationIdSchema, CursorSchema, LimitSchema, ListCursorSchema, NextPageTokenSchema, nullable, PageTokenSchema, PositionSchema, ref, SeqSchema,
  TimestampSchema, UserIdSchema
} from './common.js'
import { maxAttachments } from './attachment.js'
import { MessageTypeSchema } from './message.js'
import { RevisionSchema, TradeActionSchema } from './trade-offer.js'
import { UserSchema } from './user.js'

export const ConversationSchema = Type.Object({
  conversationId: ConversationIdSchema,
  otherUser: ref(UserSchema),
  lastMessage: Type.Object({
    seq: SeqSchema,
    senderId: UserIdSchema,
    messageType: MessageTypeSchema,
    text: Type.String({ description: 'At most the first 100 code points; empty for a trade move without words, and may be beside attachments' }),
    action: Type.Optional(TradeActionSchema),
    revision: Type.Optional(RevisionSchema),
    attachments: Type.Optional(Type.Integer({ minimum: 1, maximum: maxAttachments, description: 'How many files it has; absent where it has none' })),
    timestamp: TimestampSchema
  }, { additionalProperties: false, description: 'The last message; of a trade move also what it did, on which revision' }),
  seq: SeqSchema,
  unreadCount: Type.Integer({ minimum: 0, description: 'Messages of the other user that I have not read' }),
  lastReadSeq: PositionSchema,
  otherLastReadSeq: Type.Integer({
    ...PositionSchema, description: 'The position of the other user; 0 unless both have written to each other and neither has blocked the other'
  }),
  contact: Type.Unsafe<'established' | 'requested' | 'awaited'>(Type.String({
    enum: ['established', 'requested', 'awaited'],
    description: 'established: both have written; requested: only the other user has, who asks to be answered; awaited: only I have'
  })),
  blocked: Type.Boolean({ description: 'Whether I have blocked the other user' }),
  muted: Type.Boolean({ description: 'Whether I want to hear nothing of it at the moment' }),
  mutedUntil: nullable(TimestampSchema, { description: 'Until when it is muted; null if it isn\'t, and if it is without end' }),
  updatedAt: TimestampSchema
}, {
  $id: 'Conversation',
  description: 'A conversation as the caller sees it',
  additionalProperties: false,
  examples: [{
    conversationId: 'alice~bob',
    otherUser: UserSchema.examples[0],
    lastMessage: {
      seq: 42,
      senderId: 'alice',
      messageType: 'text',
      text: 'Sunny tomorrow: I will have 12 kWh to spare.',
      timestamp: '2026-11-22T10:15:30.123Z'
    },
    seq: 42,
    unreadCount: 0,
    lastReadSeq: 41,
    otherLastReadSeq: 42,
    contact: 'established',
    blocked: false,
    muted: false,
    mutedUntil: null,
    updatedAt: '2026-11-22T10:15:30.123Z'
  }]
})

export const ConversationWithCursorSchema = Type.Object({ ...ConversationSchema.properties, cursor: ListCursorSchema }, {
  $id: 'ConversationWithCursor',
  description: 'A conversation as the caller sees it, and the cursor to follow it from',
  additionalProperties: false,
  examples: [{ ...ConversationSchema.examples[0], cursor: CursorSchema.examples[0] }]
})

export type ConversationWithCursor = Static<typeof ConversationWithCursorSchema>

export type Conversation = Static<typeof ConversationSchema>

export const ListConversationsQuerySchema = Type.Object({
  limit: Type.Optional(LimitSchema),
  pageToken: Type.Optional(PageTokenSchema)
}, { additionalProperties: false })

export type ListConversationsQuery = Static<typeof ListConversationsQuerySchema>

export const ConversationPageSchema = Type.Object({
  conversations: Type.Array(ref(ConversationSchema)),
  nextPageToken: NextPageTokenSchema,
  cursor: ListCursorSchema
}, {
  $id: 'ConversationPage',
  description: 'Conversations, most recent first',
  additionalProperties: false,
  examples: [{ conversations: ConversationSchema.examples, nextPageToken: null, cursor: CursorSchema.examples[0] }]
})

export type ConversationPage = Static<typeof ConversationPageSchema>

export const MarkReadSchema = Type.Object({
  seq: SeqSchema
}, {
  $id: 'MarkRead',
  description: 'Everything up to this message is read',
  additionalProperties: false,
  examples: [{ seq: 42 }]
})

export type MarkRead = Static<typeof MarkReadSchema>

export const ReadPositionSchema = Type.Object({
  conversationId: ConversationIdSchema,
  lastReadSeq: PositionSchema,
  unreadCount: Type.Integer({ minimum: 0 })
}, {
  $id: 'ReadPosition',
  description: 'The caller\'s read position after the request',
  additionalProperties: false,
  examples: [{ conversationId: 'alice~bob', lastReadSeq: 42, unreadCount: 0 }]
})

export type ReadPosition = Static<typeof ReadPositionSchema>

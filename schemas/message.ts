import { Type, type Static } from '@sinclair/typebox'
import { AttachSchema, maxAttachments, MessageAttachmentSchema } from './attachment.js'
import {
  ClientIdSchema, ConversationIdSchema, CursorSchema, discriminator, LimitSchema, ListCursorSchema, MessageIdSchema, NextPageTokenSchema, PageTokenSchema,
  PositionSchema, ref, SeqSchema, TextSchema, TimestampSchema, UserIdSchema
} from './common.js'
import { IntegrationNameSchema } from './integration.js'
import { ProposalSchema, RevisionSchema, termProperties, TradeActionSchema, TradeOfferSchema } from './trade-offer.js'

const common = {
  messageId: MessageIdSchema,
  conversationId: ConversationIdSchema,
  seq: SeqSchema,
  senderId: UserIdSchema,
  receiverId: UserIdSchema,
  timestamp: TimestampSchema,
  via: Type.Optional({ ...IntegrationNameSchema, description: 'The name of the integration that wrote it for the sender; absent where the sender did' }),
  clientId: Type.Optional(ClientIdSchema),
  erased: Type.Optional(Type.Literal(true, { description: 'Its sender was erased: `text` is empty' }))
}

const attachments = Type.Optional(Type.Array(ref(MessageAttachmentSchema), {
  minItems: 1, maxItems: maxAttachments, description: 'The files that belong to it; absent where there are none, and where it was erased'
}))

const SaidSchema = Type.String({ maxLength: 4000, description: 'What was said, up to 4,000 Unicode code points; empty where it was erased, and may be beside attachments' })

const example = {
  messageId: '0f8c1e6a-5b1d-4a57-9d57-6f4f2f0b8f5e',
  conversationId: 'alice~bob',
  seq: 42,
  senderId: 'alice',
  receiverId: 'bob',
  timestamp: '2026-11-22T10:15:30.123Z'
}

export const TextMessageSchema = Type.Object({
  ...common,
  messageType: Type.Literal('text'),
  text: SaidSchema,
  attachments
}, {
  $id: 'TextMessage',
  description: 'Something said',
  additionalProperties: false,
  examples: [{ ...example, messageType: 'text', text: 'Sunny tomorrow: I will have 12 kWh to spare.' }]
})

export const TradeOfferMessageSchema = Type.Object({
  ...common,
  messageType: Type.Literal('tradeOffer'),
  text: Type.Optional(SaidSchema),
  attachments,
  tradeOffer: ref(TradeOfferSchema)
}, {
  $id: 'TradeOfferMessage',
  description: 'The opening of a negotiation, with the offer as it begins',
  additionalProperties: false,
  examples: [{
    ...example,
    seq: 43,
    messageId: TradeOfferSchema.examples[0].messageId,
    messageType: 'tradeOffer',
    tradeOffer: TradeOfferSchema.examples[0]
  }]
})

export const TradeResponseMessageSchema = Type.Object({
  ...common,
  messageType: Type.Literal('tradeResponse'),
  text: Type.Optional(SaidSchema),
  tradeResponse: Type.Object({
    offerId: MessageIdSchema,
    action: TradeActionSchema,
    revision: RevisionSchema,
    terms: Type.Optional(ref(ProposalSchema))
  }, { additionalProperties: false, description: 'The move that the message tells of; a counter has its `terms`' })
}, {
  $id: 'TradeResponseMessage',
  description: 'A later move of a negotiation',
  additionalProperties: false,
  examples: [{
    ...example,
    seq: 44,
    senderId: 'bob',
    receiverId: 'alice',
    messageType: 'tradeResponse',
    text: 'Deal!',
    tradeResponse: { offerId: TradeOfferSchema.examples[0].messageId, action: 'accept', revision: 1 }
  }]
})

/** The offer that the examples accept. */
export const acceptedOffer = { ...TradeOfferSchema.examples[0], status: 'accepted' as const, awaiting: null }

export const MessageSchema = Type.Union([
  ref(TextMessageSchema), ref(TradeOfferMessageSchema), ref(TradeResponseMessageSchema)
], {
  $id: 'Message',
  description: 'A message; what it says never changes, but is gone once its sender is erased',
  discriminator: discriminator('messageType', {
    text: TextMessageSchema, tradeOffer: TradeOfferMessageSchema, tradeResponse: TradeResponseMessageSchema
  })
})

export type TextMessage = Static<typeof TextMessageSchema>
export type TradeOfferMessage = Static<typeof TradeOfferMessageSchema>
export type TradeResponseMessage = Static<typeof TradeResponseMessageSchema>
export type Message = Static<typeof MessageSchema>

export const MessageTypeSchema = Type.Unsafe<Message['messageType']>(Type.String({ enum: ['text', 'tradeOffer', 'tradeResponse'] }))

export const SendTextSchema = Type.Object({
  messageType: Type.Optional(Type.Literal('text')),
  text: Type.Optional(TextSchema),
  attachments: Type.Optional(AttachSchema),
  clientId: Type.Optional(ClientIdSchema)
}, {
  $id: 'SendText',
  description: 'Say something, send files, or both',
  additionalProperties: false,
  allOf: [{ anyOf: ['text', 'attachments'].map(name => ({ required: [name], properties: { [name]: {} } })) }],
  examples: [{ messageType: 'text', text: 'Sunny tomorrow: I will have 12 kWh to spare.' }]
})

export const SendTradeOfferSchema = Type.Object({
  messageType: Type.Literal('tradeOffer'),
  text: Type.Optional(TextSchema),
  attachments: Type.Optional(AttachSchema),
  clientId: Type.Optional(ClientIdSchema),
  ...termProperties
}, {
  $id: 'SendTradeOffer',
  description: 'Open a negotiation with the terms proposed',
  additionalProperties: false,
  examples: [{
    messageType: 'tradeOffer', text: 'Energy trade proposal', pricePerUnit: 0.27, totalAmount: 12.5, startTime: '2027-06-01T12:00:00Z'
  }]
})

export const SendMessageSchema = Type.Union([ref(SendTextSchema), ref(SendTradeOfferSchema)], {
  $id: 'SendMessage',
  description: 'What to send: a text, unless `messageType` says otherwise',
  discriminator: discriminator('messageType', { text: SendTextSchema, tradeOffer: SendTradeOfferSchema })
})

export type SendTradeOffer = Static<typeof SendTradeOfferSchema>
export type SendMessage = Static<typeof SendMessageSchema>

export const ListMessagesQuerySchema = Type.Object({
  limit: Type.Optional(LimitSchema),
  order: Type.Optional(Type.Unsafe<'desc' | 'asc'>(Type.String({
    enum: ['desc', 'asc'], default: 'desc', description: 'Newest first, or oldest first'
  }))),
  beforeSeq: Type.Optional(SeqSchema),
  afterSeq: Type.Optional(PositionSchema),
  pageToken: Type.Optional(PageTokenSchema)
}, { additionalProperties: false })

export type ListMessagesQuery = Static<typeof ListMessagesQuerySchema>

/** The offers beside messages. */
export const OffersSchema = Type.Array(ref(TradeOfferSchema), {
  description: 'Every offer that the messages belong to, as it is now, once'
})

const pageProperties = {
  messages: Type.Array(ref(MessageSchema)),
  offers: OffersSchema,
  nextPageToken: NextPageTokenSchema
}

const pageDescription = 'Messages of a conversation, in the order asked for. A page of long ones may hold fewer than `limit` though more follow: ' +
  'go by `nextPageToken`'

const pageExample = {
  messages: [...TradeOfferMessageSchema.examples, ...TradeResponseMessageSchema.examples], offers: [acceptedOffer], nextPageToken: null
}

export const MessagePageSchema = Type.Object({ ...pageProperties, cursor: ListCursorSchema }, {
  $id: 'MessagePage',
  description: pageDescription,
  additionalProperties: false,
  examples: [{ ...pageExample, cursor: CursorSchema.examples[0] }]
})

export type MessagePage = Static<typeof MessagePageSchema>

export const MessagePageOfUsersSchema = Type.Object(pageProperties, {
  $id: 'MessagePageOfUsers',
  description: pageDescription,
  additionalProperties: false,
  examples: [pageExample]
})

export type MessagePageOfUsers = Static<typeof MessagePageOfUsersSchema>

import { Type, type Static, type TObject } from '@sinclair/typebox'
import { ClientIdSchema, ConversationIdSchema, MessageIdSchema, nullable, ref, SeqSchema, TimestampSchema, UserIdSchema } from './common.js'

/** How many revisions an offer can have. */
export const maxRevisions = 50

/** Decimal places that the terms are exact to; the integers inside count units of the last place. */
export const priceDecimals = 5
export const amountDecimals = 3

const PriceSchema = Type.Number({
  exclusiveMinimum: 0,
  maximum: 1_000_000,
  'x-maxDecimals': priceDecimals,
  description: 'Price per kWh: above 0, at most 1,000,000, at most 5 decimals'
})

const AmountSchema = Type.Number({
  exclusiveMinimum: 0,
  maximum: 1_000_000_000,
  'x-maxDecimals': amountDecimals,
  description: 'Energy in kWh: above 0, at most 1,000,000,000, at most 3 decimals'
})

export const CurrencySchema = Type.String({
  format: 'iso-4217', minLength: 3, maxLength: 3, description: 'ISO 4217 code', examples: ['EUR']
})

export const TradeTypeSchema = Type.Unsafe<'sell' | 'buy'>(Type.String({
  enum: ['sell', 'buy'], description: 'What the sender of the offer does'
}))

export const FutureSchema = (description: string) => Type.String({ format: 'date-time', description, examples: ['2027-06-01T12:00:00.000Z'] })

/** What is proposed, as a property of a request each. */
export const requiredTerms = {
  pricePerUnit: PriceSchema,
  totalAmount: AmountSchema,
  startTime: FutureSchema('Delivery starts: in the future, at most 5 years ahead')
}

/** The terms of an opening. */
export const termProperties = {
  ...requiredTerms,
  currency: Type.Optional({ ...CurrencySchema, description: 'ISO 4217 code; by default the server\'s currency' }),
  endTime: Type.Optional(FutureSchema('Delivery ends: after `startTime`, at most 5 years ahead')),
  tradeType: Type.Optional({ ...TradeTypeSchema, description: 'What the sender does; `sell` by default' }),
  expiresAt: Type.Optional(FutureSchema('From then on the terms can\'t be accepted; at the latest, and by default, `startTime`'))
}

/** Terms as an opening has them. */
export type TradeTerms = Static<TObject<typeof termProperties>>

export const TradeStatusSchema = Type.Unsafe<TradeStatus>(Type.String({
  enum: ['pending', 'countered', 'accepted', 'rejected', 'withdrawn', 'expired']
}))

export type TradeStatus = 'pending' | 'countered' | 'accepted' | 'rejected' | 'withdrawn' | 'expired'

const proposalProperties = {
  pricePerUnit: PriceSchema,
  currency: CurrencySchema,
  totalAmount: AmountSchema,
  totalPrice: Type.String({ description: 'pricePerUnit × totalAmount, exactly, as a decimal', examples: ['3.375'] }),
  startTime: TimestampSchema,
  endTime: Type.Optional(TimestampSchema),
  tradeType: TradeTypeSchema,
  expiresAt: TimestampSchema
}

export const ProposalSchema = Type.Object({
  ...proposalProperties,
  proposedBy: UserIdSchema
}, {
  $id: 'Proposal',
  description: 'Terms that are or were on the table',
  additionalProperties: false,
  examples: [{
    pricePerUnit: 0.27,
    currency: 'EUR',
    totalAmount: 12.5,
    totalPrice: '3.375',
    startTime: '2027-06-01T12:00:00.000Z',
    tradeType: 'sell',
    expiresAt: '2027-06-01T12:00:00.000Z',
    proposedBy: 'alice'
  }]
})

export type Proposal = Static<typeof ProposalSchema>

export const RevisionSchema = Type.Integer({ minimum: 1, maximum: maxRevisions, description: 'Counts the terms proposed: 1, 2, 3 …' })

export const TradeActionSchema = Type.Unsafe<TradeAction>(Type.String({
  enum: ['offer', 'counter', 'accept', 'reject', 'withdraw', 'expire']
}))

export type TradeAction = 'offer' | 'counter' | 'accept' | 'reject' | 'withdraw' | 'expire'

export const TradeMoveSchema = Type.Object({
  revision: RevisionSchema,
  action: TradeActionSchema,
  userId: nullable(UserIdSchema, { description: 'Who moved; null when time did' }),
  at: TimestampSchema,
  seq: SeqSchema,
  terms: Type.Optional(ref(ProposalSchema)),
  text: Type.Optional(Type.String({
    description: 'What was said with it: the first 100 code points; the message at `seq` has all of it'
  }))
}, {
  $id: 'TradeMove',
  description: 'One move of a negotiation: an offer or a counter has its `terms`; `seq` is the message that tells of it',
  additionalProperties: false,
  examples: [{
    revision: 1, action: 'offer', userId: 'alice', at: '2026-11-22T10:15:30.123Z', seq: 43, terms: ProposalSchema.examples[0]
  }]
})

const offerProperties = {
  messageId: MessageIdSchema,
  conversationId: ConversationIdSchema,
  senderId: UserIdSchema,
  receiverId: UserIdSchema,
  status: TradeStatusSchema,
  revision: RevisionSchema,
  awaiting: nullable(UserIdSchema, { description: 'Whose move it is; null once the offer is closed' }),
  currentProposal: ref(ProposalSchema),
  createdAt: TimestampSchema,
  updatedAt: { ...TimestampSchema, description: 'When it last moved; for an expired offer when it expired' }
}

const offerExample = {
  messageId: '7a3f7c7e-3c1f-4e0a-8a55-2f6d1f1f7f60',
  conversationId: 'alice~bob',
  senderId: 'alice',
  receiverId: 'bob',
  status: 'pending' as const,
  revision: 1,
  awaiting: 'bob',
  currentProposal: ProposalSchema.examples[0],
  createdAt: '2026-11-22T10:15:30.123Z',
  updatedAt: '2026-11-22T10:15:30.123Z'
}

export const TradeOfferSchema = Type.Object(offerProperties, {
  $id: 'TradeOffer',
  description: 'How a trade offer stands; `messageId` is that of the message that opened it',
  additionalProperties: false,
  examples: [offerExample]
})

export const TradeOfferWithHistorySchema = Type.Object({
  ...offerProperties,
  negotiationHistory: Type.Array(ref(TradeMoveSchema))
}, {
  $id: 'TradeOfferWithHistory',
  description: 'How a trade offer stands, with every move that led there. That it expired is a move too, some time after it did',
  additionalProperties: false,
  examples: [{ ...offerExample, negotiationHistory: TradeMoveSchema.examples }]
})

export const MovedTradeOfferSchema = Type.Object({
  ...TradeOfferWithHistorySchema.properties,
  clientId: Type.Optional(ClientIdSchema)
}, {
  $id: 'MovedTradeOffer',
  description: 'How a trade offer stands with the caller\'s move, and the `clientId` of that move',
  additionalProperties: false,
  examples: TradeOfferWithHistorySchema.examples
})

export type TradeOffer = Static<typeof TradeOfferSchema>
export type TradeOfferWithHistory = Static<typeof TradeOfferWithHistorySchema>
export type MovedTradeOffer = Static<typeof MovedTradeOfferSchema>
export type TradeMove = Static<typeof TradeMoveSchema>

import { Type, type Static } from '@sinclair/typebox'
import { CursorSchema, LimitSchema, ListCursorSchema, NextPageTokenSchema, PageTokenSchema, ref, UserIdSchema } from './common.js'
import { TradeOfferSchema, TradeStatusSchema, TradeTypeSchema } from './trade-offer.js'

export const ListTradesQuerySchema = Type.Object({
  role: Type.Optional(Type.Unsafe<'sender' | 'receiver' | 'both'>(Type.String({
    enum: ['sender', 'receiver', 'both'], default: 'both', description: 'Offers that I opened, that I got, or both'
  }))),
  status: Type.Optional(Type.Array(TradeStatusSchema, {
    minItems: 1, maxItems: 6, uniqueItems: true, description: 'May be given several times; all of them without it'
  })),
  tradeType: Type.Optional(TradeTypeSchema),
  with: Type.Optional(UserIdSchema),
  awaiting: Type.Optional(Type.Unsafe<'me'>(Type.String({ enum: ['me'], description: 'Only offers on which it is my move' }))),
  limit: Type.Optional(LimitSchema),
  pageToken: Type.Optional(PageTokenSchema)
}, { additionalProperties: false })

export type ListTradesQuery = Static<typeof ListTradesQuerySchema>

export const TradePageSchema = Type.Object({
  trades: Type.Array(ref(TradeOfferSchema)),
  nextPageToken: NextPageTokenSchema,
  cursor: ListCursorSchema
}, {
  $id: 'TradePage',
  description: 'Trade offers, newest first. A filtered page may hold fewer than `limit` though more follow: go by `nextPageToken`',
  additionalProperties: false,
  examples: [{ trades: TradeOfferSchema.examples, nextPageToken: null, cursor: CursorSchema.examples[0] }]
})

export type TradePage = Static<typeof TradePageSchema>

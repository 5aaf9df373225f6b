import { Type, type Static } from '@sinclair/typebox'
import { activityExample, activityProperties, CountSchema, EdgeSchema, maxDays, maxPoints, range } from './analytics.js'
import { nullable, ref, TimestampSchema } from './common.js'
import { CurrencySchema } from './trade-offer.js'

const strict = { additionalProperties: false }

export const MarketQuerySchema = Type.Object({
  ...range,
  to: Type.Optional(EdgeSchema('Until when, itself not included: a day (UTC) or an RFC 3339 time, moved on to where an interval begins; by default now', '2026-12-01'))
}, strict)

export type MarketQuery = Static<typeof MarketQuerySchema>

const MarketPointSchema = Type.Object({
  start: { ...TimestampSchema, description: 'When the interval begins (UTC)' },
  trades: Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 0, description: 'Agreements on deliveries that begin in it; null where suppressed' }),
  amount: nullable(Type.String({ pattern: '^\\d+$' }), { description: 'kWh, rounded to whole ones; null where suppressed', examples: ['1250'] }),
  vwap: nullable(Type.String({ pattern: '^\\d+(\\.\\d+)?$' }), { description: 'The volume-weighted average price per kWh, to 3 significant digits; null where suppressed', examples: ['0.271'] }),
  suppressed: Type.Boolean({ description: 'Whether too few traded, or it isn\'t over for a day yet: then nothing is told' }),
  reason: Type.Optional(Type.Unsafe<'tooFew' | 'tooRecent'>(Type.String({ enum: ['tooFew', 'tooRecent'], description: 'Why it is suppressed; that nobody traded is `tooFew` as well' })))
}, {
  $id: 'MarketPoint',
  description: 'What all users together traded in one interval',
  ...strict,
  examples: [
    { start: '2026-11-20T10:00:00.000Z', trades: 31, amount: '1250', vwap: '0.271', suppressed: false },
    { start: '2026-11-20T11:00:00.000Z', trades: null, amount: null, vwap: null, suppressed: true, reason: 'tooFew' }
  ]
})

export type MarketPoint = Static<typeof MarketPointSchema>

export const MarketSchema = Type.Object({
  from: TimestampSchema,
  to: TimestampSchema,
  granularity: Type.Unsafe<MarketGranularity>(Type.String({ enum: ['hour', 'day'], description: 'The one of this installation' })),
  currency: CurrencySchema,
  rules: Type.Object({
    sellers: Type.Integer({ minimum: 5 }),
    buyers: Type.Integer({ minimum: 5 }),
    trades: Type.Integer({ minimum: 10 }),
    delayHours: Type.Integer({ minimum: 24 })
  }, { ...strict, description: 'What it takes for an interval to be shown: how many sellers, buyers and trades at least, and how many hours after its end' }),
  series: Type.Array(ref(MarketPointSchema), { maxItems: maxPoints, description: 'Every interval of the range, in order' }),
  totals: Type.Object({
    shown: CountSchema('How many intervals are shown'),
    trades: CountSchema('Of those that are shown'),
    amount: Type.String({ pattern: '^\\d+$', description: 'kWh, of those that are shown', examples: ['1250'] }),
    vwap: nullable(Type.String({ pattern: '^\\d+(\\.\\d+)?$' }), { description: 'Made of what is shown, to 3 significant digits; null where that is no whole kWh', examples: ['0.271'] })
  }, { ...strict, description: 'Made of what is shown alone, so that nothing can be told from a difference' })
}, {
  $id: 'Market',
  description: 'What the market pays: figures of many, and none where few traded',
  ...strict,
  examples: [{
    from: '2026-11-20T10:00:00.000Z',
    to: '2026-11-20T12:00:00.000Z',
    granularity: 'hour',
    currency: 'EUR',
    rules: { sellers: 5, buyers: 5, trades: 10, delayHours: 24 },
    series: MarketPointSchema.examples,
    totals: { shown: 1, trades: 31, amount: '1250', vwap: '0.271' }
  }]
})

export type MarketGranularity = 'hour' | 'day'
export type Market = Static<typeof MarketSchema>

export const OperatorQuerySchema = Type.Object({
  ...MarketQuerySchema.properties,
  to: Type.Optional(EdgeSchema('Until when, itself not included: a day (UTC) or an RFC 3339 time, moved on to where a day begins; by default the end of today', '2026-12-01'))
}, strict)

export type OperatorQuery = Static<typeof OperatorQuerySchema>

const OperatorDaySchema = Type.Object({
  start: { ...TimestampSchema, description: 'When the day (UTC) begins' },
  ...activityProperties,
  activeTraders: CountSchema('About how many users made a move that was counted: exact for few, within some percent for hundreds')
}, {
  $id: 'OperatorDay',
  description: 'What happened in all negotiations of a day',
  ...strict,
  examples: [{ start: '2026-11-22T00:00:00.000Z', ...activityExample, activeTraders: 4 }]
})

export type OperatorDay = Static<typeof OperatorDaySchema>

export const OperatorAnalyticsSchema = Type.Object({
  from: TimestampSchema,
  to: TimestampSchema,
  currency: CurrencySchema,
  days: Type.Array(ref(OperatorDaySchema), { maxItems: maxDays, description: 'Every day (UTC) of the range, in order' }),
  totals: Type.Object(activityProperties, { ...strict, description: 'The same over the whole range' }),
  market: ref(MarketSchema),
  work: Type.Unsafe<{ due: number, oldestSeconds: number } | null>({
    type: ['object', 'null'],
    properties: { due: { type: 'integer', minimum: 0 }, oldestSeconds: { type: 'integer', minimum: 0 } },
    required: ['due', 'oldestSeconds'],
    additionalProperties: false,
    description: 'How much is due in the work queue, and for how long the oldest of it; null where this instance doesn\'t work it'
  })
}, {
  $id: 'OperatorAnalytics',
  description: 'What an operator looks at: activity by day, the market as everybody sees it, and how far the work queue is behind',
  ...strict,
  examples: [{
    from: '2026-11-22T00:00:00.000Z',
    to: '2026-11-23T00:00:00.000Z',
    currency: 'EUR',
    days: OperatorDaySchema.examples,
    totals: activityExample,
    market: MarketSchema.examples[0],
    work: { due: 0, oldestSeconds: 0 }
  }]
})

export type OperatorAnalytics = Static<typeof OperatorAnalyticsSchema>

/** The schemas of the market that others refer to by `$id`. */
export const marketSchemas = [MarketPointSchema, MarketSchema, OperatorDaySchema, OperatorAnalyticsSchema]

import { Type, type Static } from '@sinclair/typebox'
import { nullable, ref, TimestampSchema, UserIdSchema } from './common.js'
import { CurrencySchema } from './trade-offer.js'

const strict = { additionalProperties: false }

/** How many points an answer has at most, and over how many days it goes. */
export const maxPoints = 3000
export const maxDays = 366

/** The times to an agreement, in seconds, up to which it is counted: what takes longer is in the last class, which has no end. */
export const agreementClasses = [60, 300, 900, 3600, 14_400, 86_400, 604_800] as const

const CountSchema = (description: string) => Type.Integer({ minimum: 0, description })

const AmountSchema = Type.String({ pattern: '^\\d+(\\.\\d{1,3})?$', description: 'kWh, exactly, as a decimal', examples: ['12.5'] })
const ValueSchema = Type.String({ pattern: '^\\d+(\\.\\d{1,8})?$', description: 'In the currency, exactly, as a decimal', examples: ['3.375'] })
const PriceSchema = nullable(Type.String({ pattern: '^\\d+(\\.\\d{1,5})?$' }), {
  description: 'The volume-weighted average price per kWh, rounded half to even to 5 decimals; null where nothing was traded', examples: ['0.27']
})

const RateSchema = Type.Unsafe<number | null>({
  type: ['number', 'null'], minimum: 0, maximum: 1, description: 'Accepted among all that closed, rounded to 4 decimals; null where none closed'
})

const TimeToAgreementSchema = Type.Unsafe<{ atMost: number | null } | null>({
  type: ['object', 'null'],
  properties: {
    atMost: {
      type: ['integer', 'null'],
      description: `The class that the median is in, by its end in seconds: ${agreementClasses.join(', ')}; null for what takes longer`
    }
  },
  required: ['atMost'],
  additionalProperties: false,
  description: 'From the opening of a negotiation to its acceptance; null where nothing was accepted'
})

/** What happened in negotiations, by the time at which it did. */
const activityProperties = {
  opened: CountSchema('Negotiations that began'),
  accepted: CountSchema('Negotiations that ended in an agreement'),
  rejected: CountSchema('Negotiations that were rejected'),
  withdrawn: CountSchema('Negotiations that were withdrawn'),
  expired: CountSchema('Negotiations that ran out, by when they did'),
  acceptanceRate: RateSchema,
  medianTimeToAgreement: TimeToAgreementSchema,
  agreementTimes: Type.Array(Type.Integer({ minimum: 0 }), {
    minItems: agreementClasses.length + 1,
    maxItems: agreementClasses.length + 1,
    description: `How many agreements took at most ${agreementClasses.join(', ')} s, each beyond those before it, and how many took longer`
  }),
  meanSecondsToAgreement: Type.Unsafe<number | null>({ type: ['number', 'null'], minimum: 0, description: 'Rounded to 3 decimals; null where nothing was accepted' }),
  meanRevisions: Type.Unsafe<number | null>({ type: ['number', 'null'], minimum: 1, description: 'Of what was accepted, rounded to 2 decimals; null where nothing was' }),
  meanSpreadBps: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    description: 'How far the agreed price lies above (or, negative, below) the one of the opening: the mean over all agreements, each in whole basis points of the opening price, ' +
      'rounded to 2 decimals; null where there is none in the currency of its opening'
  })
}

/** What is to be delivered, by the time at which that begins. */
const TradedSchema = Type.Object({
  trades: CountSchema('Agreements'),
  amount: AmountSchema,
  value: ValueSchema,
  vwap: PriceSchema
}, {
  $id: 'Traded',
  description: 'Agreements by the beginning of their delivery: how many, how much energy, for how much money',
  ...strict,
  examples: [{ trades: 1, amount: '12.5', value: '3.375', vwap: '0.27' }]
})

export type Traded = Static<typeof TradedSchema>

const activityExample = {
  opened: 3,
  accepted: 1,
  rejected: 1,
  withdrawn: 0,
  expired: 0,
  acceptanceRate: 0.5,
  medianTimeToAgreement: { atMost: 300 },
  agreementTimes: [0, 1, 0, 0, 0, 0, 0, 0],
  meanSecondsToAgreement: 187.25,
  meanRevisions: 2,
  meanSpreadBps: -370
}
const nothing = { trades: 0, amount: '0', value: '0', vwap: null }

const figures = { sold: ref(TradedSchema), bought: ref(TradedSchema), ...activityProperties }

const PointSchema = Type.Object({
  start: { ...TimestampSchema, description: 'When the interval begins' },
  ...figures
}, {
  $id: 'AnalyticsPoint',
  description: 'What happened in one interval, and what is to be delivered from within it',
  ...strict,
  examples: [{ start: '2026-11-22T10:00:00.000Z', sold: TradedSchema.examples[0], bought: nothing, ...activityExample }]
})

const TotalsSchema = Type.Object(figures, {
  $id: 'AnalyticsTotals',
  description: 'The same over the whole range',
  ...strict,
  examples: [{ sold: TradedSchema.examples[0], bought: nothing, ...activityExample }]
})

export type AnalyticsPoint = Static<typeof PointSchema>
export type AnalyticsTotals = Static<typeof TotalsSchema>

const TimeZoneSchema = Type.String({
  format: 'time-zone', minLength: 1, maxLength: 64, description: 'An IANA time zone, in which days, months and hours begin', examples: ['Europe/Berlin']
})

const EdgeSchema = (description: string, example: string) => Type.String({ format: 'day-or-time', minLength: 10, maxLength: 35, description, examples: [example] })

const GranularitySchema = Type.Unsafe<Granularity>(Type.String({ enum: ['quarterHour', 'hour', 'day', 'month'], default: 'day', description: 'How long an interval is' }))

export type Granularity = 'quarterHour' | 'hour' | 'day' | 'month'

const range = {
  from: Type.Optional(EdgeSchema('From when on: a day (its beginning) or an RFC 3339 time, moved back to where an interval begins; by default 30 days before `to`', '2026-11-01')),
  to: Type.Optional(EdgeSchema(
    'Until when, itself not included: a day (its beginning) or an RFC 3339 time, moved on to where an interval begins; by default 8 days from now, for what is agreed is still to be delivered',
    '2026-12-01'
  )),
  currency: Type.Optional({ ...CurrencySchema, description: 'ISO 4217 code; by default the server\'s currency' })
}

export const AnalyticsQuerySchema = Type.Object({
  ...range,
  granularity: Type.Optional(GranularitySchema),
  side: Type.Optional(Type.Unsafe<'sell' | 'buy'>(Type.String({ enum: ['sell', 'buy'], description: 'Only where the caller sells, or buys; both without it' }))),
  timeZone: Type.Optional({ ...TimeZoneSchema, default: 'UTC' })
}, strict)

export type AnalyticsQuery = Static<typeof AnalyticsQuerySchema>

export const AnalyticsSchema = Type.Object({
  from: TimestampSchema,
  to: TimestampSchema,
  granularity: GranularitySchema,
  currency: CurrencySchema,
  timeZone: TimeZoneSchema,
  series: Type.Array(ref(PointSchema), { maxItems: maxPoints, description: 'Every interval of the range, in order' }),
  totals: ref(TotalsSchema)
}, {
  $id: 'Analytics',
  description: 'What a user traded: activity counts when it happened, energy and money when the delivery begins. Exact, and seconds behind',
  ...strict,
  examples: [{
    from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z', granularity: 'hour', currency: 'EUR', timeZone: 'UTC', series: PointSchema.examples, totals: TotalsSchema.examples[0]
  }]
})

export type Analytics = Static<typeof AnalyticsSchema>

const MonthSchema = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: 'A month (UTC)', examples: ['2026-11'] })

export const CounterpartiesQuerySchema = Type.Object({
  month: Type.Optional({ ...MonthSchema, description: 'The month (UTC) in which the delivery begins; by default this one' }),
  currency: range.currency,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'How many are named; the others are summed up' }))
}, strict)

export type CounterpartiesQuery = Static<typeof CounterpartiesQuerySchema>

const traded = { sold: ref(TradedSchema), bought: ref(TradedSchema) }

const CounterpartySchema = Type.Object({ userId: UserIdSchema, ...traded }, {
  $id: 'Counterparty',
  description: 'With whom the caller traded: what the caller sold to, and bought from, them',
  ...strict,
  examples: [{ userId: 'bob', sold: TradedSchema.examples[0], bought: nothing }]
})

export type Counterparty = Static<typeof CounterpartySchema>

export const CounterpartiesSchema = Type.Object({
  month: MonthSchema,
  currency: CurrencySchema,
  counterparties: Type.Array(ref(CounterpartySchema), { maxItems: 100, description: 'Those with whom most energy was traded, most first' }),
  others: Type.Object({ count: CountSchema('How many they are'), ...traded }, { ...strict, description: 'All others together' })
}, {
  $id: 'Counterparties',
  description: 'With whom a user traded in a month',
  ...strict,
  examples: [{ month: '2026-11', currency: 'EUR', counterparties: CounterpartySchema.examples, others: { count: 0, sold: nothing, bought: nothing } }]
})

export type Counterparties = Static<typeof CounterpartiesSchema>

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

/** The schemas of analytics that others refer to by `$id`. */
export const analyticsSchemas = [
  TradedSchema, PointSchema, TotalsSchema, AnalyticsSchema, CounterpartySchema, CounterpartiesSchema, MarketPointSchema, MarketSchema,
  OperatorDaySchema, OperatorAnalyticsSchema
]

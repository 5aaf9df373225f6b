import { Type, type Static } from '@sinclair/typebox'
import { nullable, ref, TimestampSchema, UserIdSchema } from './common.js'
import { CurrencySchema } from './trade-offer.js'

const strict = { additionalProperties: false }

/** How many points an answer has at most, and over how many days it goes. */
export const maxPoints = 3000
export const maxDays = 366

/** The times to an agreement, in seconds, up to which it is counted: what takes longer is in the last class, which has no end. */
export const agreementClasses = [60, 300, 900, 3600, 14_400, 86_400, 604_800] as const

export const CountSchema = (description: string) => Type.Integer({ minimum: 0, description })

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
export const activityProperties = {
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

export const activityExample = {
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

export const EdgeSchema = (description: string, example: string) => Type.String({ format: 'day-or-time', minLength: 10, maxLength: 35, description, examples: [example] })

const GranularitySchema = Type.Unsafe<Granularity>(Type.String({ enum: ['quarterHour', 'hour', 'day', 'month'], default: 'day', description: 'How long an interval is' }))

export type Granularity = 'quarterHour' | 'hour' | 'day' | 'month'

/** Which figures are asked for, and of what time. */
export const range = {
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

/** The schemas of analytics that others refer to by `$id`. */
export const analyticsSchemas = [
  TradedSchema, PointSchema, TotalsSchema, AnalyticsSchema, CounterpartySchema, CounterpartiesSchema
]

/** What was traded: a user's own figures, with whom, and what the market pays; and what operators look at. */
import { analyticsAnswers, shapes } from '../../openapi/client/shapes.js'
import type { operations } from '../../openapi/client/http.js'
import type { Result } from './errors.js'
import { createClient, type ApiClient, type ApiOptions, type components } from './index.js'

export type { Result } from './errors.js'

type Schemas = components['schemas']
type Query<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>

export type Analytics = Schemas['Analytics']
export type AnalyticsPoint = Schemas['AnalyticsPoint']
export type AnalyticsTotals = Schemas['AnalyticsTotals']
export type AnalyticsQuery = Query<'getAnalytics'>
export type Counterparties = Schemas['Counterparties']
export type Counterparty = Schemas['Counterparty']
export type CounterpartiesQuery = Query<'getCounterparties'>
export type Granularity = Analytics['granularity']
export type Market = Schemas['Market']
export type MarketPoint = Schemas['MarketPoint']
export type MarketQuery = Query<'getMarket'>
export type OperatorAnalytics = Schemas['OperatorAnalytics']
export type OperatorDay = Schemas['OperatorDay']
export type OperatorQuery = Query<'getOperatorAnalytics'>
export type Traded = Schemas['Traded']

/** Nothing of it throws or rejects; a `signal` calls a question off. Where the server counts nothing each answer is the error `route_not_found`. */
export interface AnalyticsClient {
  /** What the user sold, bought and did, by intervals of a time zone. */
  mine: (query?: AnalyticsQuery, signal?: AbortSignal) => Promise<Result<Analytics>>
  /** With whom the user traded in a month (UTC). */
  counterparties: (query?: CounterpartiesQuery, signal?: AbortSignal) => Promise<Result<Counterparties>>
  /** What the market pays, where enough traded. */
  market: (query?: MarketQuery, signal?: AbortSignal) => Promise<Result<Market>>
  /** What happened in the whole installation: it takes the key of an integration with the scope `analytics` in the token's place. */
  operator: (query?: OperatorQuery, signal?: AbortSignal) => Promise<Result<OperatorAnalytics>>
}

/**
 * @param given the calls of a client or store, or what it takes to make some
 * @throws TypeError if an option is wrong
 */
export function createAnalytics (given: ApiClient | ApiOptions): AnalyticsClient {
  Object.assign(shapes.answers, analyticsAnswers)
  const api = 'GET' in given ? given : createClient(given)
  const init = <Asked>(query: Asked, signal: AbortSignal | undefined) => ({ params: { query }, ...signal && { signal } })

  return {
    mine: async (query = {}, signal) => await api.GET('/api/analytics/me', init(query, signal)),
    counterparties: async (query = {}, signal) => await api.GET('/api/analytics/me/counterparties', init(query, signal)),
    market: async (query = {}, signal) => await api.GET('/api/analytics/market', init(query, signal)),
    operator: async (query = {}, signal) => await api.GET('/api/integrations/analytics', init(query, signal))
  }
}

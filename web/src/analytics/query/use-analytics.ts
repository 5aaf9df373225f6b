import { createAnalytics, type Analytics, type AnalyticsQuery, type Counterparties, type CounterpartiesQuery, type Market, type MarketQuery } from 'equilux-chat-client/analytics'
import { useStore } from 'equilux-chat-client/react'
import { useMemo } from 'react'
import { useAnswer, type Answer } from './use-answer.js'

/** What the reader traded. */
export function useOwnFigures (query: AnalyticsQuery | undefined): Answer<Analytics> {
  return useAnswer(query, useCalls().mine)
}

/** With whom the reader traded. */
export function useCounterparties (query: CounterpartiesQuery): Answer<Counterparties> {
  return useAnswer(query, useCalls().counterparties)
}

/** What all traded. */
export function useMarket (query: MarketQuery | undefined): Answer<Market> {
  return useAnswer(query, useCalls().market)
}

function useCalls () {
  const { api } = useStore()
  return useMemo(() => createAnalytics(api), [api])
}

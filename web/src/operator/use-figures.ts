import { createClient, type ChatError, type components, type operations } from 'equilux-chat-client'
import type { Result } from 'equilux-chat-client/account'
import { useCallback } from 'react'
import { useAnswer, type Answer } from '../analytics/query/use-answer.js'
import { readersLocale } from '../i18n/index.js'
import type { OperatorTextId } from './load-words.js'

export type OperatorAnalytics = components['schemas']['OperatorAnalytics']
type Query = NonNullable<operations['getOperatorAnalytics']['parameters']['query']>

/** What the operator sees, read with a key. */
export function useFigures (key: string, query: Query): Answer<OperatorAnalytics> {
  const read = useCallback(async (query: Query, signal: AbortSignal): Promise<Result<OperatorAnalytics>> => {
    const api = createClient({ baseUrl: location.origin, token: key, locale: readersLocale() })
    return await api.GET('/api/integrations/analytics', { params: { query }, signal })
  }, [key])
  return useAnswer(query, read)
}

const keyFaults: Partial<Record<ChatError['code'], OperatorTextId>> = { key_invalid: 'operator.keyInvalid', scope_missing: 'operator.scopeMissing' }

/** What is wrong with the key, if anything is. */
export function keyFaultOf (error: ChatError | undefined): OperatorTextId | undefined {
  return error && keyFaults[error.code]
}

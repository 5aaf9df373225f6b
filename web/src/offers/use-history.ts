import type { ChatError, TradeOffer } from 'equilux-chat-client'
import { useStore } from 'equilux-chat-client/react'
import { useCallback, useEffect, useState } from 'react'
import { withChanges, type ToldMove } from './differences.js'

export interface History {
  /** Undefined until they have come. */
  moves?: ToldMove[]
  error?: ChatError
  retry: () => void
}

/** The moves of an offer, read again whenever it has moved. */
export function useHistory ({ messageId, revision, status }: TradeOffer): History {
  const store = useStore()
  const [read, setRead] = useState<Omit<History, 'retry'>>({})
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    store.api.GET('/api/messages/trades/{messageId}', { params: { path: { messageId } }, signal: abort.signal }).then(({ data, error }) => {
      if (abort.signal.aborted) return
      setRead(before => data === undefined ? { ...before, error } : { moves: withChanges(data.negotiationHistory) })
    }, reportError)
    return () => abort.abort()
  }, [store, messageId, revision, status, attempt])
  return { ...read, retry: useCallback(() => setAttempt(attempt => attempt + 1), []) }
}

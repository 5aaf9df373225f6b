import type { ChatError } from 'equilux-chat-client'
import type { Result } from 'equilux-chat-client/account'
import { useCallback, useEffect, useState } from 'react'

export interface Answer<Data> {
  /** The last answer there was, also while another is on its way: it says itself what it is about. */
  data?: Data
  isReading: boolean
  error?: ChatError
  readAgain: () => void
}

/**
 * What the server answers to a question, asked whenever that becomes another.
 * @param query undefined where there is nothing to ask
 * @param read the same function as long as it would answer the same
 */
export function useAnswer<Query, Data> (query: Query | undefined, read: (query: Query, signal: AbortSignal) => Promise<Result<Data>>): Answer<Data> {
  const question = query && JSON.stringify(query)
  const [state, setState] = useState<{ question?: string, data?: Data, error?: ChatError }>({})
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (question === undefined) return
    const abort = new AbortController()
    const ask = async () => {
      const { data, error } = await read(JSON.parse(question) as Query, abort.signal)
      if (!abort.signal.aborted) setState(before => error === undefined ? { question, data } : { question, data: before.question === question ? before.data : undefined, error })
    }
    ask().catch(reportError)
    return () => abort.abort()
  }, [question, read, attempt])
  const readAgain = useCallback(() => {
    setState(({ data }) => ({ data }))
    setAttempt(attempt => attempt + 1)
  }, [])
  const isReading = question !== undefined && state.question !== question
  return { data: question === undefined ? undefined : state.data, isReading, error: isReading ? undefined : state.error, readAgain }
}

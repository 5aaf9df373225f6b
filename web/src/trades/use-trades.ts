import type { ChatError, TradeOffer } from 'equilux-chat-client'
import { useChat, useNow, useStore } from 'equilux-chat-client/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { queriesOf, type Filter, type TradeQuery } from './filter.js'
import { readOn, unread, type Reading } from './read-trades.js'
import { rowsOf } from './rows.js'

const pageSize = 50

export interface Trades {
  /** Those loaded, as they are now, in no order. */
  offers: readonly TradeOffer[]
  status: 'loading' | 'ready' | 'failed'
  error?: ChatError
  hasMore: boolean
  /** Reads on, or again what failed. */
  loadMore: () => void
}

/** The user's offers that match a filter: pages of them, kept up to date by what the store hears. */
export function useTrades (filter: Filter): Trades {
  const store = useStore()
  const question = JSON.stringify(queriesOf(filter))
  const [reading, setReading] = useState<Reading & { question: string, isReading: boolean }>({ question: '', streams: [], isReading: true })
  const abort = useRef<AbortController>(undefined)
  const current = useRef(reading)
  current.current = reading

  const read = useCallback(async (begin: Reading['streams'] | undefined) => {
    abort.current?.abort()
    const { signal } = abort.current = new AbortController()
    const queries = JSON.parse(question) as TradeQuery[]
    const streams = begin ?? unread(queries)
    setReading({ question, streams, isReading: true })
    const read = await readOn(store.api, queries, streams, pageSize, signal)
    if (!signal.aborted) setReading({ question, ...read, isReading: false })
  }, [store, question])

  useEffect(() => {
    read(undefined).catch(reportError)
    return () => abort.current?.abort()
  }, [read])

  const me = useChat(({ me }) => me) ?? ''
  const heard = useChat(({ offers }) => offers)
  const now = useNow(5000)
  const { streams, isReading, error } = reading
  const isCurrent = reading.question === question
  const offers = useMemo(() => isCurrent ? rowsOf({ streams, heard: Object.values(heard), filter, me, now }) : [], [isCurrent, streams, heard, filter, me, now])
  const loadMore = useCallback(() => { read(current.current.streams).catch(reportError) }, [read])
  return {
    offers: useSame(offers),
    status: isReading || !isCurrent ? 'loading' : error === undefined ? 'ready' : 'failed',
    error,
    hasMore: isCurrent && streams.some(({ nextPageToken }) => nextPageToken !== null),
    loadMore
  }
}

/** The array before if it has the same members: what shows it needn't be made anew. */
function useSame<Member> (members: readonly Member[]): readonly Member[] {
  const last = useRef(members)
  if (last.current.length !== members.length || last.current.some((member, index) => member !== members[index])) last.current = members
  return last.current
}

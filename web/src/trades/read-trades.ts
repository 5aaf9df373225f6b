import type { ApiClient, ChatError } from 'equilux-chat-client'
import type { TradeQuery } from './filter.js'
import { shortest, type Stream } from './rows.js'

/** Questions and how far the answers to them have been read. */
export interface Reading {
  streams: Stream[]
  error?: ChatError
}

/** How many pages in a row may be empty: a filtered one may hold nothing though more follow. */
const maxEmpty = 20
/** How long the server may ask to wait, in ms, and how often. */
const patience = 15_000
const attempts = 5

/** Nothing read yet. */
export function unread (queries: readonly TradeQuery[]): Stream[] {
  return queries.map(() => ({ trades: [], nextPageToken: undefined }))
}

/** Reads on where the least is known. @returns what was read so far, also where it broke off */
export async function readOn (api: ApiClient, queries: readonly TradeQuery[], streams: readonly Stream[], limit: number, signal: AbortSignal): Promise<Reading> {
  const next = [...streams]
  const errors = await Promise.all(shortest(streams).map(async index => {
    const [query, before] = [queries[index], streams[index]]
    if (query === undefined || before === undefined) return undefined
    const { stream, error } = await readPages(api, { ...query, limit }, before, signal)
    next[index] = stream
    return error
  }))
  return { streams: next, error: errors.find(error => error !== undefined) }
}

async function readPages (api: ApiClient, query: TradeQuery, before: Stream, signal: AbortSignal): Promise<{ stream: Stream, error?: ChatError }> {
  let stream = before
  for (let page = 0; page < maxEmpty && stream.nextPageToken !== null && stream.trades.length === before.trades.length; page++) {
    const { data, error } = await patiently(signal, async () => await api.GET('/api/messages/trades', {
      params: { query: { ...query, pageToken: stream.nextPageToken ?? undefined } }, signal
    }))
    if (data === undefined) return { stream, error }
    stream = { trades: [...stream.trades, ...data.trades], nextPageToken: data.nextPageToken }
  }
  return { stream }
}

/** Asks again where the server says that it is too busy, and for how long. */
async function patiently<Answer extends { error?: ChatError }> (signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = attempts; ; left--) {
    const answer = await ask()
    const { retryAfter = Infinity } = answer.error ?? {}
    if (left === 1 || retryAfter > patience || signal.aborted) return answer
    await new Promise(resolve => setTimeout(resolve, retryAfter))
  }
}

import type { ListTradesQuery, TradePage, TradeStatus } from '../../../schemas/trade-offer.js'
import type { Entities } from '../../database/entities/index.js'
import { parseOfferKeys, parseOfferPlace, type OfferKeys } from '../../database/entities/trade-offer.js'
import { readIndexKeys } from '../../database/index-keys.js'
import { showOffer } from './offer-views.js'
import type { Clock } from '../../shared/clock.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import type { Trades } from './trades.js'

/**
 * How many index keys a page may look at beyond the first of each stream: what a filter passes over costs half a request
 * unit for some 14 keys.
 */
const maxKeys = 250

/** How many keys are read at a time where a filter has passed over those before. */
const refill = 100

const statuses: readonly TradeStatus[] = ['pending', 'countered', 'accepted', 'rejected', 'withdrawn', 'expired']
const open: ReadonlySet<TradeStatus> = new Set(['pending', 'countered'])

/** An offer as its index keys tell of it at a time. */
interface Entry extends Pick<OfferKeys, 'place' | 'messageId' | 'tradeType' | 'otherId'> {
  status: TradeStatus
  myMove: boolean
}

/** A user's offers in one role and stored status, newest first, as far as they have been read. */
interface Stream {
  role: 'sender' | 'receiver'
  status: TradeStatus
  entries: Entry[]
  more: boolean
  /** The place of the last entry read. */
  after?: string
}

export interface TradeList {
  /**
   * Lists a user's offers, newest first. Offers lie in the indexes by user and status, so that closed ones cost nothing when
   * open ones are asked for; the other filters go by what the keys say. A page of 20 costs at most 12 RCU for the first keys,
   * 9 where a filter passes over many, and half of one for an offer of up to 4 KB.
   * @throws ProblemError invalid_page_token
   */
  list: (userId: string, query: ListTradesQuery) => Promise<TradePage>
}

export function createTradeList ({ entities, trades, pageTokens, clock }: {
  entities: Entities, trades: Trades, pageTokens: PageTokens, clock: Clock
}): TradeList {
  const { tradeOffer } = entities.entities

  /** Reads on in a stream. */
  async function read (userId: string, stream: Stream, limit: number): Promise<void> {
    const { role, status } = stream
    const query = role === 'sender' ? tradeOffer.query.bySender({ senderId: userId, status }) : tradeOffer.query.byReceiver({ receiverId: userId, status })
    const { keys, more } = await readIndexKeys(
      stream.after === undefined ? query : query.lt(parseOfferPlace(stream.after)), { limit, order: 'desc' }
    )
    const now = clock.now()
    stream.entries = keys.map(key => toEntry(parseOfferKeys(key, role), role, status, now))
    stream.more = more
    stream.after = stream.entries.at(-1)?.place
  }

  async function list (userId: string, query: ListTradesQuery): Promise<TradePage> {
    const { role = 'both', status, tradeType, with: otherId, awaiting, limit = 20, pageToken } = query
    const scope = [userId, 'trades', role, status === undefined ? null : [...status].sort().join(), tradeType, otherId, awaiting]
    // Nobody's move is awaited on a closed offer.
    const wanted = new Set((status ?? statuses).filter(status => awaiting === undefined || open.has(status)))
    const matches = (entry: Entry) => wanted.has(entry.status) && (tradeType === undefined || entry.tradeType === tradeType) &&
      (otherId === undefined || entry.otherId === otherId) && (awaiting === undefined || entry.myMove)

    let after = pageToken === undefined ? undefined : pageTokens.read<string>(scope, pageToken)
    const streams = (role === 'both' ? ['sender', 'receiver'] as const : [role])
      .flatMap(role => storedStatuses(wanted).map((status): Stream => ({ role, status, entries: [], more: true, after })))
    // Offers move on from pending to countered to closed. Read in that order, one that moves meanwhile is met twice rather
    // than not at all.
    for (const stage of [['pending'], ['countered'], ['accepted', 'rejected', 'withdrawn', 'expired']]) {
      await Promise.all(streams.filter(({ status }) => stage.includes(status)).map(async stream => await read(userId, stream, limit)))
    }

    const found: string[] = []
    let seen = streams.reduce((sum, { entries }) => sum + entries.length, 0)
    while (found.length < limit) {
      const dry = streams.find(({ entries, more }) => entries.length === 0 && more)
      if (dry !== undefined) {
        if (seen >= maxKeys) break
        await read(userId, dry, Math.min(refill, maxKeys - seen))
        seen += dry.entries.length
        continue
      }
      const entry = newest(streams)?.entries.shift()
      if (entry === undefined) break
      // An offer that moves while it is read may be met twice.
      if (entry.place === after) continue
      after = entry.place
      if (matches(entry)) found.push(entry.messageId)
    }

    const now = clock.now()
    const offers = await trades.stored(found, { consistent: false })
    return {
      // The index may lag behind the offers.
      trades: found.flatMap(messageId => offers.get(messageId) ?? [])
        .map(item => showOffer(item, now))
        .filter(offer => wanted.has(offer.status) && (awaiting === undefined || offer.awaiting === userId)),
      nextPageToken: after !== undefined && streams.some(({ entries, more }) => more || entries.length > 0)
        ? pageTokens.issue(scope, after)
        : null
    }
  }

  return { list }
}

/** The stream whose next entry is the newest. */
function newest (streams: Stream[]): Stream | undefined {
  return streams.reduce<Stream | undefined>((best, stream) => {
    const [entry] = stream.entries
    const [other] = best?.entries ?? []
    return entry !== undefined && (other === undefined || entry.place > other.place) ? stream : best
  }, undefined)
}

/** Where offers of some statuses are stored: one that has run out may not have been met since. */
function storedStatuses (wanted: ReadonlySet<TradeStatus>): TradeStatus[] {
  return statuses.filter(status => wanted.has(status) || (wanted.has('expired') && open.has(status)))
}

function toEntry (keys: OfferKeys, role: OfferKeys['awaiting'], stored: TradeStatus, now: number): Entry {
  const { place, messageId, tradeType, otherId, awaiting, expiresAt } = keys
  const due = awaiting !== 'nobody' && now >= expiresAt
  return { place, messageId, tradeType, otherId, status: due ? 'expired' : stored, myMove: awaiting === role && !due }
}

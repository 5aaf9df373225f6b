import type { ListTradesQuery, TradePage } from '../../../schemas/trade-list.js'
import type { TradeStatus } from '../../../schemas/trade-offer.js'
import type { Entities } from '../../database/entities/index.js'
import { parseListedOffer, parseOfferPlace, placeOf, type RawListedOffer, type TradeOfferItem } from '../../database/entities/trade-offer.js'
import type { BeginList } from '../catch-up/list-cursors.js'
import type { Clock } from '../../shared/clock.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import type { Expiries } from './expiries.js'
import { showOffer } from './offer-views.js'
import { hasRunOut, partyOf } from './offers.js'

/** How many offers of the index a page may look at where a filter passes over some: half a request unit for some 10 of them. */
const maxOffers = 250

/** How often a page may ask. */
const maxCalls = 4

type Role = 'sender' | 'receiver'
type Stage = TradeOfferItem['stage']
type Entry = ReturnType<typeof parseListedOffer>

const open: ReadonlySet<TradeStatus> = new Set(['pending', 'countered'])
/** One that has run out may not have been met since. */
const storedIn: Record<Stage, readonly TradeStatus[]> = {
  open: ['pending', 'countered', 'expired'], closed: ['accepted', 'rejected', 'withdrawn', 'expired']
}

/** A user's offers in one role and stage, newest first, as far as they have been read. */
interface Stream {
  role: Role
  stage: Stage
  /** Those that come next, which are parsed when it is their turn: of what both roles bring, half isn't shown. */
  entries: RawListedOffer[]
  more: boolean
  /** The place of the last offer read. */
  after?: string
}

export interface TradeList {
  /**
   * Lists a user's offers, newest first. Offers lie in the indexes by user and by whether they are open, so that closed ones cost
   * nothing when open ones are asked for; the indexes hold what is shown of an offer. A page asks at most four times; one of 20
   * costs some 4 RCU, and at most 16 where a filter passes over many: then it may be short.
   * @throws ProblemError invalid_page_token
   */
  list: (userId: string, query: ListTradesQuery) => Promise<TradePage>
}

export function createTradeList ({ entities, expiries, pageTokens, clock, beginList }: {
  entities: Entities, expiries: Expiries, pageTokens: PageTokens, clock: Clock, beginList: BeginList
}): TradeList {
  const { tradeOffer } = entities.direct

  /** Reads on in a stream. */
  async function read (userId: string, stream: Stream, limit: number): Promise<void> {
    const { role, stage, after } = stream
    const page = { limit, order: 'desc' as const, range: after === undefined ? undefined : { below: parseOfferPlace(after) } }
    const { items, more } = role === 'sender'
      ? await tradeOffer.readIndex<RawListedOffer>('bySender', { senderId: userId, stage }, page)
      : await tradeOffer.readIndex<RawListedOffer>('byReceiver', { receiverId: userId, stage }, page)
    const last = items.at(-1)
    stream.entries = items
    stream.more = more
    stream.after = last === undefined ? after : placeOf(last)
  }

  return {
    async list (userId, { role = 'both', status, tradeType, with: otherId, awaiting, limit = 20, pageToken }) {
      const scope = [userId, 'trades', role, status === undefined ? null : [...status].sort().join(), tradeType, otherId, awaiting]
      // Nobody's move is awaited on a closed offer.
      const wanted = status?.filter(status => awaiting === undefined || open.has(status)) ?? (awaiting === undefined ? undefined : [...open])
      const stages = (['open', 'closed'] as const).filter(stage => wanted === undefined || storedIn[stage].some(status => wanted.includes(status)))
      const isFiltered = wanted !== undefined || tradeType !== undefined || otherId !== undefined
      const matches = (entry: Entry, isDue: boolean) => (wanted === undefined || wanted.includes(isDue ? 'expired' : entry.status)) &&
        (tradeType === undefined || entry.tradeType === tradeType) &&
        (otherId === undefined || otherId === (entry.senderId === userId ? entry.receiverId : entry.senderId)) &&
        (awaiting === undefined || (!isDue && entry.awaiting === partyOf(entry, userId)))

      const cursor = beginList(userId)
      let after = pageToken === undefined ? undefined : pageTokens.read<string>(scope, pageToken)
      const roles = role === 'both' ? ['sender', 'receiver'] as const : [role]
      // Of an offer that was met twice the later state counts: that of the closed stage, which comes first here.
      const streams = [...stages].reverse().flatMap(stage => roles.map((role): Stream => ({ role, stage, entries: [], more: true, after })))
      // Where a filter passes over some and nothing can be asked again, all that a page may look at is read at once.
      const first = !isFiltered ? limit : streams.length < maxCalls ? 2 * limit : Math.ceil(maxOffers / streams.length)
      // An offer that is closed while this reads is met twice rather than not at all.
      for (const stage of stages) {
        await Promise.all(streams.filter(stream => stream.stage === stage).map(async stream => await read(userId, stream, first)))
      }

      const now = clock.now()
      const trades: TradePage['trades'] = []
      let calls = streams.length
      let looked = streams.reduce((sum, { entries }) => sum + entries.length, 0)
      while (trades.length < limit) {
        const dry = streams.find(({ entries, more }) => entries.length === 0 && more)
        if (dry !== undefined) {
          if (calls >= maxCalls || looked >= maxOffers) break
          calls++
          await read(userId, dry, maxOffers - looked)
          looked += dry.entries.length
          continue
        }
        const raw = newest(streams)?.entries.shift()
        if (raw === undefined) break
        const place = placeOf(raw)
        if (place === after) continue
        after = place
        const entry = parseListedOffer(raw)
        const isDue = hasRunOut(entry, now)
        if (isDue) expiries.note(entry)
        if (matches(entry, isDue)) trades.push(showOffer(entry, now))
      }
      return {
        trades,
        nextPageToken: after !== undefined && streams.some(({ entries, more }) => more || entries.length > 0) ? pageTokens.issue(scope, after) : null,
        cursor: cursor()
      }
    }
  }
}

/** The stream whose next entry is the newest. */
function newest (streams: Stream[]): Stream | undefined {
  return streams.reduce<Stream | undefined>((best, stream) => {
    const [entry] = stream.entries
    const [other] = best?.entries ?? []
    return entry !== undefined && (other === undefined || placeOf(entry) > placeOf(other)) ? stream : best
  }, undefined)
}

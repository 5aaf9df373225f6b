import type { MarketGranularity } from '../../../../schemas/market.js'
import { traderBuckets } from '../../../database/entities/analytics/market-cell.js'
import { activeBuckets } from '../../../database/entities/analytics/market-day.js'
import type { Additions } from './additions.js'
import { bucketOf, marketShardOf } from './buckets.js'
import { figuresOf } from './figures.js'
import type { CountedMove } from './moves.js'
import { cellOf, dayOf, monthOf, quarterHourOf } from '../times.js'

/** To how many items a move adds at most. */
export const itemsOfMove = 8

/** Where a move is counted. */
export interface Target {
  generation: number
  /** Of the installation, in base64. */
  salt: string
  granularity: MarketGranularity
  /** Whether a user has no figures of the move, because of an erasure that came after it. */
  isErased: (userId: string) => boolean
}

/** Adds what a move does to the figures of its parties, each on their own side, and of the market. */
export function addMove (additions: Additions, { conversationId, offer }: CountedMove, { generation, salt, granularity, isErased }: Target): void {
  const { at, currency, activity, agreed } = figuresOf(offer)
  const { senderId, receiverId, tradeType } = offer
  const [sellerId, buyerId] = tradeType === 'sell' ? [senderId, receiverId] : [receiverId, senderId]
  const parties = [{ userId: sellerId, otherId: buyerId, side: 'sell' }, { userId: buyerId, otherId: sellerId, side: 'buy' }] as const
  for (const { userId, otherId, side } of parties) {
    if (isErased(userId)) continue
    const slot = (time: number) => ({ generation, userId, currency, start: quarterHourOf(time), side })
    additions.add('userSlot', slot(at), activity)
    if (agreed === undefined) continue
    additions.add('userSlot', slot(agreed.startAt), agreed.amounts)
    additions.add('counterparty', { generation, userId, month: monthOf(agreed.startAt), currency, otherId, side }, agreed.amounts)
  }

  const shard = marketShardOf(conversationId)
  const day = dayOf(at)
  const traders = [sellerId, buyerId].map(userId => bucketOf(userId, { salt, scope: day, buckets: activeBuckets }))
  additions.add('marketDay', { generation, currency, day, shard }, { ...activity, traders: new Set(traders) })
  if (agreed === undefined) return
  const start = cellOf(agreed.startAt, granularity)
  const bucket = (userId: string) => new Set([bucketOf(userId, { salt, scope: `${granularity}#${currency}#${start}`, buckets: traderBuckets })])
  additions.add('marketCell', { generation, granularity, currency, month: monthOf(start), start, shard }, {
    ...agreed.amounts, sellers: bucket(sellerId), buyers: bucket(buyerId)
  })
}

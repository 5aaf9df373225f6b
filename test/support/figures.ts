import type { FastifyInstance } from 'fastify'
import type { MarketGranularity } from '../../schemas/market.js'
import type { Activity, Agreed } from '../../src/database/entities/analytics/measures.js'
import { marketShards } from '../../src/database/entities/analytics/market-cell.js'
import { partsOf } from '../../src/services/analytics/counting/parts.js'

type App = Pick<FastifyInstance, 'entities'>

const quarterHour = 15 * 60 * 1000

/** What was agreed, as it is counted. @param amount in Wh @param price in 10⁻⁵ units of the currency a kWh */
export function agreed (amount: number | bigint, price: number | bigint, trades = 1): Required<Agreed> {
  const [energy0 = 0, energy1 = 0] = partsOf(BigInt(amount), 2)
  const [value0 = 0, value1 = 0, value2 = 0] = partsOf(BigInt(amount) * BigInt(price), 3)
  return { trades, energy0, energy1, value0, value1, value2 }
}

/** Adds to what a user has in the quarter hour of a time. */
export async function addToSlot (
  { entities: { direct } }: App,
  { at, ...key }: { userId: string, at: string | number, side: 'sell' | 'buy', currency?: string, generation?: number },
  amounts: Activity & Agreed
): Promise<void> {
  const start = Math.floor(new Date(at).getTime() / quarterHour) * quarterHour
  await direct.write(direct.userSlot.add({ generation: 1, currency: 'EUR', ...key, start }, amounts))
}

/** Adds to what a user agreed with another one. */
export async function addToCounterparty (
  { entities: { direct } }: App,
  key: { userId: string, otherId: string, month: string, side: 'sell' | 'buy', currency?: string, generation?: number },
  amounts: Agreed
): Promise<void> {
  await direct.write(direct.counterparty.add({ generation: 1, currency: 'EUR', ...key }, amounts))
}

/** One trade of the market. */
export interface MarketTrade {
  /** In which buckets the two fall. */
  seller: number
  buyer: number
  /** Wh. */
  amount: number
  /** In 10⁻⁵ units of the currency a kWh. */
  price: number
}

/** Adds trades to a cell of the market, each to another one of its parts than the one before. @param start ms since the epoch */
export async function addToCell (
  { entities: { direct } }: App, { start, granularity = 'hour', currency = 'EUR', generation = 1 }: {
    start: number, granularity?: MarketGranularity, currency?: string, generation?: number
  }, trades: readonly MarketTrade[]
): Promise<void> {
  const month = new Date(start).toISOString().slice(0, 7)
  for (const [n, { seller, buyer, amount, price }] of trades.entries()) {
    const key = { generation, granularity, currency, month, start, shard: n % marketShards }
    await direct.write(direct.marketCell.add(key, { ...agreed(amount, price), sellers: new Set([seller]), buyers: new Set([buyer]) }))
  }
}

/** Trades of so many sellers and buyers. @param count how many */
export function tradesOf (count: number, { sellers = 5, buyers = 5, amount = 1000, price = 20_000 } = {}): MarketTrade[] {
  return Array.from({ length: count }, (_, n) => ({ seller: n % sellers, buyer: n % buyers, amount, price }))
}

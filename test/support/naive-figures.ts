import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { TradeMove, TradeOfferWithHistory } from '../../schemas/trade-offer.js'
import { scan } from './erasure.js'

/** Sums by what they are of; nothing that is zero is there. */
export type Figures = Record<string, Record<string, string>>

/** Adds up, in whole numbers of any size; sets are united. */
class Sums {
  readonly #sums = new Map<string, Map<string, bigint | Set<number>>>()

  add (place: string, amounts: Record<string, bigint | number | Iterable<number>>) {
    const sums = this.#sums.get(place) ?? new Map<string, bigint | Set<number>>()
    this.#sums.set(place, sums)
    for (const [name, amount] of Object.entries(amounts)) {
      const before = sums.get(name)
      if (typeof amount === 'object') sums.set(name, new Set([...before as Set<number> | undefined ?? [], ...amount]))
      else sums.set(name, (before as bigint | undefined ?? 0n) + BigInt(amount))
    }
  }

  show (): Figures {
    const figures = [...this.#sums].map(([place, sums]): [string, Record<string, string>] => {
      const shown = [...sums].map(([name, sum]) => [name, typeof sum === 'object' ? [...sum].sort((a, b) => a - b).join(' ') : String(sum)])
      return [place, Object.fromEntries(shown.filter(([, sum]) => sum !== '0').sort())]
    })
    return Object.fromEntries(figures.filter(([, sums]) => Object.keys(sums).length > 0).sort())
  }
}

/** A decimal as an integer of its last place. */
function units (value: number, places: number): bigint {
  const [whole = '', fraction = ''] = String(value).split('.')
  return BigInt(whole + fraction.padEnd(places, '0'))
}

/** Rounded half to even. */
function round (dividend: bigint, divisor: bigint): bigint {
  let floor = dividend / divisor
  if (floor * divisor > dividend) floor -= 1n
  const twice = 2n * (dividend - floor * divisor)
  return twice > divisor || (twice === divisor && floor % 2n !== 0n) ? floor + 1n : floor
}

const iso = (time: Date, minutes: number) => {
  time.setUTCMinutes(minutes, 0, 0)
  return time.toISOString()
}
const quarterHour = (time: string) => iso(new Date(time), 15 * Math.floor(new Date(time).getUTCMinutes() / 15))
const hour = (time: string) => iso(new Date(time), 0)

const words = { offer: 'opened', accept: 'accepted', reject: 'rejected', withdraw: 'withdrawn', expire: 'expired' }

function timeClass (milliseconds: number): string {
  const minute = 60_000
  if (milliseconds <= minute) return 'time0'
  if (milliseconds <= 5 * minute) return 'time1'
  if (milliseconds <= 15 * minute) return 'time2'
  if (milliseconds <= 60 * minute) return 'time3'
  if (milliseconds <= 4 * 60 * minute) return 'time4'
  if (milliseconds <= 24 * 60 * minute) return 'time5'
  return milliseconds <= 7 * 24 * 60 * minute ? 'time6' : 'time7'
}

/**
 * What the figures have to be: every offer is looked at, move by move.
 * @param salt of the installation
 * @param isErased whether a user has no figures of a message
 */
export function foldOffers (offers: readonly TradeOfferWithHistory[], salt: string, isErased: (userId: string, place: { conversationId: string, seq: number }) => boolean = () => false): Figures {
  const sums = new Sums()
  const bucket = (buckets: number, scope: string, userId: string) =>
    createHmac('sha256', Buffer.from(salt, 'base64')).update(`${scope}#${userId}`).digest().readUInt32BE() % buckets
  const positions = new Map<string, number>()

  for (const { conversationId, senderId, receiverId, negotiationHistory: moves, currentProposal: { tradeType } } of offers) {
    const [seller, buyer] = tradeType === 'sell' ? [senderId, receiverId] : [receiverId, senderId]
    const opening = moves[0]!
    let terms = opening.terms!
    for (const move of moves) {
      terms = move.terms ?? terms
      if (move.action === 'counter') continue
      positions.set(conversationId, Math.max(move.seq, positions.get(conversationId) ?? 0))
      const at = move.action === 'expire' ? terms.expiresAt : move.at
      const { currency, startTime } = terms
      const activity = { [words[move.action]]: 1, ...(move.action === 'accept' ? agreement(opening, move, terms) : {}) }
      const energy = units(terms.totalAmount, 3)
      const agreed = { trades: 1, energy, value: units(terms.pricePerUnit, 5) * energy }
      for (const [userId, otherId, side] of [[seller, buyer, 'sell'], [buyer, seller, 'buy']] as const) {
        if (isErased(userId, { conversationId, seq: move.seq })) continue
        sums.add(`user ${userId} ${currency} ${quarterHour(at)} ${side}`, activity)
        if (move.action !== 'accept') continue
        sums.add(`user ${userId} ${currency} ${quarterHour(startTime)} ${side}`, agreed)
        sums.add(`with ${userId} ${startTime.slice(0, 7)} ${currency} ${otherId} ${side}`, agreed)
      }
      const day = at.slice(0, 10)
      sums.add(`day ${currency} ${day}`, { ...activity, traders: [seller, buyer].map(userId => bucket(1024, day, userId)) })
      if (move.action !== 'accept') continue
      const scope = `hour#${currency}#${Date.parse(hour(startTime))}`
      sums.add(`cell ${currency} ${hour(startTime)}`, { ...agreed, sellers: [bucket(64, scope, seller)], buyers: [bucket(64, scope, buyer)] })
    }
  }
  for (const [conversationId, upTo] of positions) sums.add(`position ${conversationId}`, { upTo })
  return sums.show()
}

function agreement (opening: TradeMove, { at, revision }: TradeMove, agreed: Exclude<TradeMove['terms'], undefined>) {
  const milliseconds = Math.max(0, Date.parse(at) - Date.parse(opening.at))
  const time = { milliseconds, [timeClass(milliseconds)]: 1, revisions: revision }
  const first = opening.terms!
  if (first.currency !== agreed.currency) return time
  const [before, after] = [units(first.pricePerUnit, 5), units(agreed.pricePerUnit, 5)]
  return { ...time, spreads: 1, spread: round(10_000n * (after - before), before) }
}

const large = /^(energy|value|spread)(\d)$/

/** The figures of a generation as they are in the table. */
export async function readFigures (app: Pick<FastifyInstance, 'entities' | 'dynamodb' | 'config'>, generation = 1): Promise<Figures> {
  const sums = new Sums()
  for (const item of await scan(app as FastifyInstance)) {
    if (!String(item.pk).startsWith(`stats#${generation}#`)) continue
    const { direct } = app.entities
    const { place, ...values } = placeOf(item, direct)
    const amounts: Record<string, bigint | number | Iterable<number>> = {}
    for (const [name, value] of Object.entries(values)) {
      const [, whole, part] = large.exec(name) ?? []
      if (whole === undefined) amounts[name] = value as number | Iterable<number>
      else amounts[whole] = (amounts[whole] as bigint | undefined ?? 0n) + BigInt(value as number) * 10n ** BigInt(8 * Number(part))
    }
    sums.add(place, amounts)
  }
  return sums.show()
}

function placeOf (item: Record<string, unknown>, direct: FastifyInstance['entities']['direct']) {
  const time = (start: number) => new Date(start).toISOString()
  switch (item.__edb_e__) {
    case 'userSlot': {
      const { generation, userId, currency, start, side, ...values } = direct.userSlot.load(item)
      return { place: `user ${userId} ${currency} ${time(start)} ${side}`, ...values }
    }
    case 'counterparty': {
      const { generation, userId, month, currency, otherId, side, ...values } = direct.counterparty.load(item)
      return { place: `with ${userId} ${month} ${currency} ${otherId} ${side}`, ...values }
    }
    case 'marketDay': {
      const { generation, currency, day, shard, ...values } = direct.marketDay.load(item)
      return { place: `day ${currency} ${day}`, ...values }
    }
    case 'marketCell': {
      const { generation, granularity, currency, month, start, shard, ...values } = direct.marketCell.load(item)
      return { place: `cell ${currency} ${time(start)}`, ...values }
    }
    case 'statsPosition': {
      const { conversationId, upTo } = direct.statsPosition.load(item)
      return { place: `position ${conversationId}`, upTo }
    }
  }
  throw new Error(`What is ${String(item.__edb_e__)}?`)
}

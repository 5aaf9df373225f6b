import type { MarketGranularity, MarketPoint } from '../../../../schemas/market.js'
import type { Direct } from '../../../database/direct/index.js'
import { BoundedMap } from '../../../shared/bounded-map.js'
import { cellLengths, day, hour, monthOf } from '../times.js'
import { isClosed, MarketCell } from './market-rules.js'
import { readAll } from './pages.js'

/** How many days are remembered: of 24 cells that are shown at most, some hundred bytes each. */
const remembered = 2000
/** For how long, in ms: what the work queue brings later than a day after is told then. */
const rememberedFor = hour

/** What is told of the cells of a day, by their beginnings; nothing of those of which too little is known. */
type Cells = ReadonlyMap<number, Omit<MarketPoint, 'start'>>

interface Day {
  start: number
  /** Until when its cells are closed. */
  closed: number
}

/** The days of a market. What is closed changes no more, so that it is seldom read again. */
export class MarketDays {
  readonly #known = new BoundedMap<string, { cells: Promise<Cells>, at: number }>(remembered)

  constructor (private readonly options: { direct: Direct, granularity: MarketGranularity, k: number }) {}

  /**
   * Reads what is told of days. What isn't remembered costs half a request unit for every 4 KB, which are 10 to 25 parts of cells, and as much at least for
   * every month; a cell that many trade in has 8 parts.
   * @param range.from beginnings of days, in ms since the epoch
   * @returns by the beginnings of cells
   */
  async read (place: { generation: number, currency: string }, { from, to, now }: { from: number, to: number, now: number }): Promise<Cells> {
    const days = this.#closedDays(from, to, now)
    const keyOf = ({ start, closed }: Day) => `${place.generation} ${this.options.granularity} ${place.currency} ${start} ${closed}`
    // Each is taken as it is met: those that are added below may push out what was remembered.
    const all: Array<Promise<Cells>> = []
    const unknown = days.filter(day => {
      const known = this.#known.get(keyOf(day))
      if (known === undefined || now - known.at >= rememberedFor) return true
      all.push(known.cells)
      return false
    })
    for (const [month, some] of byMonth(unknown)) {
      const reading = this.#readMonth(place, month, some)
      for (const day of some) {
        const key = keyOf(day)
        const cells = reading.then(days => days.get(day.start)!)
        const entry = { cells, at: now }
        this.#known.set(key, entry)
        all.push(cells)
        cells.catch(() => { if (this.#known.get(key) === entry) this.#known.delete(key) })
      }
    }
    return new Map((await Promise.all(all)).flatMap(cells => [...cells]))
  }

  #closedDays (from: number, to: number, now: number): Day[] {
    const length = cellLengths[this.options.granularity]
    const days = []
    for (let start = Math.floor(from / day) * day; start < to; start += day) {
      let closed = start
      while (closed < start + day && isClosed(closed + length, now)) closed += length
      if (closed > start) days.push({ start, closed })
    }
    return days
  }

  /** Reads from the first to the last of some days of a month. */
  async #readMonth (place: { generation: number, currency: string }, month: string, days: Day[]): Promise<Map<number, Cells>> {
    const { direct, granularity, k } = this.options
    const key = { ...place, granularity, month }
    const [first, last] = [{ ...key, start: days[0]!.start, shard: 0 }, { ...key, start: days.at(-1)!.closed - 1, shard: 0 }]
    const cells = new Map<number, MarketCell>()
    for await (const item of readAll(direct.marketCell, first, last, item => ({ ...item, shard: item.shard + 1 }))) {
      const cell = cells.get(item.start) ?? new MarketCell()
      cells.set(item.start, cell)
      cell.add(item)
    }
    return new Map(days.map(({ start, closed }) => [
      start, new Map([...cells].filter(([at]) => at >= start && at < closed).map(([at, cell]) => [at, cell.show(k)]))
    ]))
  }
}

function byMonth (days: readonly Day[]): Map<string, Day[]> {
  const months = new Map<string, Day[]>()
  for (const day of days) {
    const month = monthOf(day.start)
    months.set(month, [...months.get(month) ?? [], day])
  }
  return months
}

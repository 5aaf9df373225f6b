import { BoundedMap } from './bounded-map.js'

const hour = 60 * 60 * 1000
const day = 24 * hour

/** A format is dear to make, and most requests ask for one of a few zones. */
const formats = new BoundedMap<string, Intl.DateTimeFormat>(100)

/** @throws RangeError for what isn't the name of a zone */
function formatOf (name: string): Intl.DateTimeFormat {
  const known = formats.get(name)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  formats.set(name, made)
  return made
}

/** Whether it names an IANA time zone, as far as this version of Node knows them. */
export function isTimeZone (name: string): boolean {
  // Newer ones take offsets too, which older ones refuse.
  if (/^[+-]/.test(name)) return false
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

/** What clocks show in a time zone. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat
  /** By the beginnings of days (UTC). */
  readonly #known = new Map<number, number>()
  /** The day that was asked about the last time: mostly it is the same one again. */
  #last = { start: NaN, before: 0, after: 0 }

  /** @throws RangeError for what isn't the name of a zone */
  constructor (readonly name: string) {
    this.#format = formatOf(name)
  }

  /**
   * How far clocks there are ahead of UTC, in ms. Clocks that are changed and changed back within a day (UTC) are taken for unchanged: there are none.
   * @param time ms since the epoch
   */
  offsetAt (time: number): number {
    const start = Math.floor(time / day) * day
    if (start !== this.#last.start) this.#last = { start, before: this.#ofDay(start), after: this.#ofDay(start + day) }
    const { before, after } = this.#last
    return before === after ? before : this.#ask(time)
  }

  /** The date there, as the number of days from 1970-01-01 on. */
  dayAt (time: number): number {
    return Math.floor((time + this.offsetAt(time)) / day)
  }

  /** The month there, as the number of months from the year 0 on. */
  monthAt (time: number): number {
    const local = new Date(time + this.offsetAt(time))
    return local.getUTCFullYear() * 12 + local.getUTCMonth()
  }

  #ofDay (start: number): number {
    const known = this.#known.get(start)
    if (known !== undefined) return known
    const offset = this.#ask(start)
    this.#known.set(start, offset)
    return offset
  }

  #ask (time: number): number {
    const text = this.#format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(text) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours) * hour + Number(minutes) * 60_000)
  }
}

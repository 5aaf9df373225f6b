import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../shared/clock.js'

/** How far apart this machine's clock and the database's may be, in ms, for the former to be right. */
const tolerance = 5000
/** A `Date` header says the second. */
const second = 1000

/**
 * The time that messages and terms go by: this machine's where it agrees with the database's, which every answer tells, and
 * else the database's, carried on from answer to answer. So a clock that is wrong, or jumps, puts nothing out of order.
 */
export class DatabaseClock implements Clock {
  /** Between what the database's time is, less `performance.now()`, in ms; unknown until it has told. */
  #offset: { from: number, to: number } | undefined
  #wasSkewed = false
  /** This machine's time at the last answer, less `performance.now()`, in ms: it changes as a clock is set, or the machine slept. */
  #machineOffset = NaN
  /** The last `Date` header, and what it says, in ms since the epoch: answers of the same second have the same. */
  #date: string | undefined
  #time = NaN

  /** @param skewed is told when the clocks begin and cease to be apart, with how far this machine's is ahead, in ms */
  constructor (private readonly skewed: (isSkewed: boolean, ahead: number) => void) {}

  now (): number {
    if (this.#offset === undefined || !this.isSkewed) return Date.now()
    return Math.round(performance.now() + (this.#offset.from + this.#offset.to) / 2)
  }

  get isUnsure (): boolean {
    return !(Math.abs(machineOffset() - this.#machineOffset) < second)
  }

  /** Whether this machine's clock is too far from the database's. */
  get isSkewed (): boolean {
    return Math.abs(this.ahead) > tolerance
  }

  /** By how much at least this machine's clock is ahead of the database's, in ms; negative if it is behind. */
  get ahead (): number {
    if (this.#offset === undefined) return 0
    const offset = machineOffset()
    const { from, to } = this.#offset
    return offset > to ? offset - to : offset < from ? offset - from : 0
  }

  /**
   * Takes what an answer says.
   * @param date its `Date` header
   * @param sentAt when the request was sent, and `receivedAt` when the answer came, in ms of `performance.now()`
   */
  observe (date: string | undefined, sentAt: number, receivedAt: number): void {
    if (date !== this.#date) {
      this.#date = date
      this.#time = Date.parse(date ?? '')
    }
    const time = this.#time
    if (Number.isNaN(time)) return
    const { from, to } = { from: time - receivedAt, to: time + second - sentAt }
    const known = this.#offset
    // Each answer narrows it down, until one contradicts: then a clock was put right, or this process slept.
    this.#offset = known !== undefined && from <= known.to && to >= known.from
      ? { from: Math.max(from, known.from), to: Math.min(to, known.to) }
      : { from, to }
    this.#machineOffset = machineOffset()
    const { isSkewed } = this
    if (isSkewed !== this.#wasSkewed) this.skewed(isSkewed, this.ahead)
    this.#wasSkewed = isSkewed
  }
}

function machineOffset (): number {
  return Date.now() - performance.now()
}

/** Has a clock follow the answers that a client gets, refusals among them. */
export function followDates (client: DynamoDBClient, clock: DatabaseClock): void {
  client.middlewareStack.add(next => async args => {
    const sentAt = performance.now()
    const answer = await next(args)
    const { headers } = answer.response as { headers?: Record<string, string> }
    clock.observe(headers?.date, sentAt, performance.now())
    return answer
  }, { name: 'followDates', step: 'deserialize', priority: 'low' })
}

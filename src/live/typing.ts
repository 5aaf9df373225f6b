import type { Publish } from '../hub/hub.js'
import type { HubLimits } from '../hub/limits.js'

interface Entry {
  userId: string
  otherId: string
  /** When the other was told last, in ms. */
  toldAt: number
  /** Whether the other still believes it. */
  shown: boolean
  /** Ends it, or forgets it once it has ended. */
  timer: NodeJS.Timeout
}

/** Who types to whom: told at most once in an interval for each pair, and over by itself when it isn't renewed. */
export class Typing {
  readonly #entries = new Map<string, Entry>()

  constructor (private readonly publish: Publish, private readonly limits: Pick<HubLimits, 'typingInterval' | 'typingExpiry'>) {}

  /** How many pairs are remembered: those typing, and those told within the interval. */
  get size (): number {
    return this.#entries.size
  }

  start (userId: string, otherId: string): void {
    const key = `${userId}~${otherId}`
    const before = this.#entries.get(key)
    clearTimeout(before?.timer)
    const now = performance.now()
    const tell = before === undefined || now - before.toldAt >= this.limits.typingInterval
    const timer = setTimeout(() => this.stop(userId, otherId), this.limits.typingExpiry).unref()
    this.#entries.set(key, {
      userId, otherId, toldAt: tell ? now : before.toldAt, shown: tell || before.shown, timer
    })
    if (tell) this.publish([otherId], { type: 'typing', data: { userId } })
  }

  stop (userId: string, otherId: string): void {
    const key = `${userId}~${otherId}`
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    const { shown, toldAt } = entry
    clearTimeout(entry.timer)
    entry.shown = false
    // Remembered for the rest of the interval, or starting and stopping in turns would get around it.
    const rest = toldAt + this.limits.typingInterval - performance.now()
    if (rest > 0) entry.timer = setTimeout(() => this.#entries.delete(key), rest).unref()
    else this.#entries.delete(key)
    if (shown) this.publish([otherId], { type: 'stopTyping', data: { userId } })
  }

  /** Ends everything that a user was typing. */
  stopAll (userId: string): void {
    for (const entry of this.#entries.values()) {
      if (entry.userId === userId) this.stop(userId, entry.otherId)
    }
  }

  /** Forgets everything without telling. */
  close (): void {
    for (const { timer } of this.#entries.values()) clearTimeout(timer)
    this.#entries.clear()
  }
}

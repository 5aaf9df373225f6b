import type { Publish } from '../hub/hub.js'
import type { HubLimits } from '../hub/limits.js'
import type { Acquaintance } from '../services/users/acquaintance.js'

interface Entry {
  userId: string
  otherId: string
  isTyping: boolean
  /** When the other was told last, in ms. */
  toldAt: number
  /** Whether the other still believes it. */
  shown: boolean
  /** Ends it, or forgets it once it has ended. */
  timer?: NodeJS.Timeout
}

/**
 * Who types to whom: told to acquaintances only, at most once in an interval for each pair, and over by itself when it isn't
 * renewed.
 */
export class Typing {
  readonly #entries = new Map<string, Entry>()

  constructor (
    private readonly publish: Publish,
    private readonly acquaintance: Pick<Acquaintance, 'among'>,
    private readonly limits: Pick<HubLimits, 'typingInterval' | 'typingExpiry'>
  ) {}

  /** How many pairs are remembered: those typing, and those told within the interval. */
  get size (): number {
    return this.#entries.size
  }

  /**
   * A user types to another one, who is told if the two are acquainted; what the user learns is the same if they aren't.
   * @throws ProblemError self_conversation, reserved_user_id; database_unavailable where it isn't known who is acquainted
   */
  async start (userId: string, otherId: string): Promise<void> {
    const key = keyOf(userId, otherId)
    const entry = this.#entries.get(key) ?? { userId, otherId, isTyping: true, toldAt: -Infinity, shown: false }
    this.#entries.set(key, entry)
    entry.isTyping = true
    clearTimeout(entry.timer)
    entry.timer = setTimeout(() => this.stop(userId, otherId), this.limits.typingExpiry).unref()
    if (!this.#isDue(entry)) return
    const acquainted = await this.acquaintance.among(userId, [otherId])
    // It may be over meanwhile, or told through another device.
    if (!acquainted.has(otherId) || !entry.isTyping || !this.#isDue(entry)) return
    entry.toldAt = performance.now()
    entry.shown = true
    this.publish([otherId], { type: 'typing', data: { userId } })
  }

  stop (userId: string, otherId: string): void {
    const key = keyOf(userId, otherId)
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    const { shown, toldAt } = entry
    clearTimeout(entry.timer)
    entry.isTyping = false
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
    for (const entry of this.#entries.values()) {
      clearTimeout(entry.timer)
      entry.isTyping = false
    }
    this.#entries.clear()
  }

  #isDue ({ toldAt }: Entry): boolean {
    return performance.now() - toldAt >= this.limits.typingInterval
  }
}

function keyOf (userId: string, otherId: string): string {
  return `${userId}~${otherId}`
}

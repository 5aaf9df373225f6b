import type { FastifyBaseLogger } from 'fastify'
import type { Direct } from '../database/direct/index.js'
import { toldKind, workShards, type WorkItem } from '../database/entities/work.js'
import type { Clock } from '../shared/clock.js'
import { Backlog } from './backlog.js'
import type { Claims } from './claims.js'
import { Pool } from './pool.js'
import type { Relay } from './relay.js'
import { runTimer } from './run-timer.js'
import type { TimerKind } from './timers.js'
import type { WorkTally } from './tally.js'

/** How often each shard is looked through, in ms: half a request unit each time. */
export const pollInterval = 5000

/** How many items are read at a time. */
const pageSize = 100
/** How many conversations are told of at once. */
const conversationsAtOnce = 16
/** How long what runs when the worker ends is waited for, in ms: what is left is begun again elsewhere when its claim has ended. */
const patience = 5000
/** How long something may be due, in ms, before that is worth an alarm. */
const lateAfter = 120_000
/** Above every kind, so that a key with it comes after all that are due at the same time. */
const lastKind = '~'

/**
 * Does what is to be done, once it is due: at once what this process is told of, and by and by all else. Every instance works, and what
 * one of them leaves behind another finds.
 */
export class Worker {
  readonly #marks = new Pool(conversationsAtOnce)
  readonly #pools: ReadonlyMap<string, Pool>
  readonly #backlog = new Backlog()
  /** What is being done here or waits for it, by place. */
  readonly #taken = new Map<string, { again: boolean }>()
  readonly #scheduled = new Map<string, NodeJS.Timeout>()
  readonly #running = new Set<Promise<void>>()
  #polls: NodeJS.Timeout[] = []
  #complainedAt = -Infinity
  readonly #ending = new AbortController()

  constructor (private readonly options: {
    direct: Direct, claims: Claims, relay: Relay, kinds: Readonly<Record<string, TimerKind>>, clock: Clock, log: FastifyBaseLogger, tally: WorkTally
  }) {
    for (const kind of [toldKind, ...Object.keys(options.kinds)]) options.tally.expect(kind)
    this.#pools = new Map(Object.entries(options.kinds).map(([kind, { concurrency, groups }]) => [kind, new Pool(concurrency, groups?.concurrency)]))
  }

  /** How much is due and since when, as last seen. */
  get backlog (): Pick<Backlog, 'due' | 'oldest'> {
    return this.#backlog
  }

  /** Begins to look for what is due. */
  start (): void {
    for (const shard of workShards) this.#pollAfter(shard, Math.random() * pollInterval / 5)
  }

  /** A conversation has something to tell. */
  signal (conversationId: string): void {
    this.#take(`${toldKind} ${conversationId}`, task => this.#marks.add('', task), async () => {
      if (await this.options.relay.work(conversationId) !== undefined) this.options.tally.handled(toldKind, 'done')
    }, toldKind)
  }

  /** A timer was made: if it is due before it would be found, it is scheduled here. */
  wake (item: WorkItem): void {
    const key = placeOf(item)
    const wait = item.dueAt - this.options.clock.now()
    if (this.#isClosed || wait > pollInterval || this.#scheduled.has(key)) return
    this.#scheduled.set(key, setTimeout(() => {
      this.#scheduled.delete(key)
      this.#run(item)
    }, Math.max(0, wait)).unref())
  }

  /** Ends, when what it is at has ended. */
  async close (): Promise<void> {
    this.#ending.abort()
    for (const timeout of [...this.#polls, ...this.#scheduled.values()]) clearTimeout(timeout)
    for (const pool of [this.#marks, ...this.#pools.values()]) pool.clear()
    let limit: NodeJS.Timeout | undefined
    await Promise.race([Promise.all(this.#running), new Promise(resolve => { limit = setTimeout(resolve, patience) })])
    clearTimeout(limit)
  }

  get #isClosed (): boolean {
    return this.#ending.signal.aborted
  }

  #run (item: WorkItem) {
    const { kind, subject } = item
    const known = this.options.kinds[kind]
    const pool = this.#pools.get(kind)
    // A newer instance made it, which knows what to do with it.
    if (known === undefined || pool === undefined) return
    const group = known.groups?.of({ attempt: 0, data: {}, ...item } as never) ?? ''
    this.#take(placeOf(item), task => pool.add(group, task), async () => {
      const next = await runTimer({ ...this.options, ending: this.#ending.signal }, known.handle, item)
      if (next !== undefined) this.wake(next)
      this.options.tally.handled(kind, 'done')
    }, kind, subject)
  }

  /** Lets something be done, unless it is already; then once more after that, for there may be more to do. */
  #take (key: string, add: (task: () => Promise<void>) => boolean, work: () => Promise<void>, kind: string, subject?: string) {
    if (this.#isClosed) return
    const taken = this.#taken.get(key)
    if (taken !== undefined) {
      taken.again = true
      return
    }
    const state = { again: false }
    const task = async () => {
      const run = work().catch(err => {
        this.options.tally.handled(kind, 'failed')
        if (!this.#isClosed) this.options.log.warn({ err, kind, subject }, 'something that is due could not be done; it is tried again')
      })
      this.#running.add(run)
      await run
      this.#running.delete(run)
      this.#taken.delete(key)
      if (state.again && kind === toldKind) this.#take(key, add, work, kind, subject)
    }
    this.#taken.set(key, state)
    // Where too many wait it is found again later.
    if (!add(task)) this.#taken.delete(key)
  }

  #pollAfter (shard: number, ms: number) {
    if (this.#isClosed) return
    this.#polls[shard] = setTimeout(() => {
      this.#poll(shard)
        .catch(err => { if (!this.#isClosed) this.options.log.warn({ err }, 'what is due can\'t be read') })
        .finally(() => this.#pollAfter(shard, pollInterval))
        .catch(() => {})
    }, ms).unref()
  }

  /** Takes what is due in a shard, and schedules what will be before the next time. */
  async #poll (shard: number) {
    const { direct, clock } = this.options
    const now = clock.now()
    const last = { shard, dueAt: now + pollInterval, kind: lastKind, subject: '' }
    const found: WorkItem[] = []
    for (let first = { shard, dueAt: 0, kind: '', subject: '' }; ;) {
      const { items, more } = await direct.work.between(first, last, { limit: pageSize, order: 'asc', consistent: false })
      found.push(...items)
      for (const item of items) this.#meet(item, now)
      const end = items.at(-1)
      if (!more || end === undefined || this.#isClosed) break
      // The key after the last one.
      first = { ...end, subject: `${end.subject}\0` }
    }
    this.#backlog.note(shard, found, now)
    this.#complain(now)
  }

  /** Says so when what is due isn't done: an alarm goes by it. */
  #complain (now: number) {
    const { due, oldest } = this.#backlog
    if (now - oldest < lateAfter || now - this.#complainedAt < lateAfter / 2) return
    this.#complainedAt = now
    this.options.log.error({ due, seconds: Math.round((now - oldest) / 1000) }, 'work is behind')
  }

  #meet (item: WorkItem, now: number) {
    if ((item.claimedUntil ?? 0) > now) return
    if (item.kind === toldKind) this.signal(item.subject)
    else this.wake(item)
  }
}

function placeOf ({ dueAt, kind, subject }: WorkItem): string {
  return `${kind} ${subject} ${dueAt}`
}

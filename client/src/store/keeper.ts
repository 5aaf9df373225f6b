import type { Message, TradeOffer } from '../index.js'
import type { HeadData } from './heads.js'
import type { Outgoing } from './outbox.js'
import type { ChatStorage } from './storage.js'

/** Changes with the form of what is kept: what an earlier version wrote is left alone. */
const version = 2
/** How many threads are shown before the server answers. */
const keptThreads = 20

export interface KeptThread {
  userId: string
  messages: Message[]
  offers: TradeOffer[]
  /** When it was kept, in ms since the epoch. */
  at: number
}

export interface Kept {
  list?: { conversations: HeadData[], offers: TradeOffer[] }
  threads: KeptThread[]
  outbox: Outgoing[]
}

/** Keeps a user's state: nobody else's is ever read, because all keys begin with the server and the user. */
export class Keeper {
  readonly #prefix: string
  #hasFailed = false
  /** In the order in which things happened. */
  #writes: Promise<void> = Promise.resolve()

  /** @param report is told what the storage says when it fails, once: where a browser keeps nothing, every write does */
  constructor (private readonly storage: ChatStorage, baseUrl: string, userId: string, private readonly report: (cause: unknown) => void) {
    this.#prefix = keyOf(version, baseUrl, userId)
  }

  /** What was kept. */
  async load (): Promise<Kept> {
    const kept: Kept = { threads: [], outbox: await this.outbox() }
    for (const [key, value] of await this.#read('')) {
      if (key === 'list/') kept.list = value as Kept['list']
      else if (key.startsWith('thread/')) kept.threads.push(value as KeptThread)
    }
    kept.threads.sort((one, other) => other.at - one.at)
    for (const { userId } of kept.threads.splice(keptThreads)) this.#delete(keyOf('thread', userId))
    return kept
  }

  /** What was to be sent, by this tab or another, oldest first. */
  async outbox (): Promise<Outgoing[]> {
    const entries = await this.#read(keyOf('outbox'))
    return entries.map(([, value]) => value as Outgoing).sort((one, other) => one.createdAt - other.createdAt)
  }

  keepList (list: NonNullable<Kept['list']>): void {
    this.#write(keyOf('list'), list)
  }

  keepThread (thread: KeptThread): void {
    this.#write(keyOf('thread', thread.userId), thread)
  }

  keepOutgoing (entry: Outgoing): void {
    this.#write(keyOf('outbox', entry.key), entry)
  }

  forgetOutgoing (key: string): void {
    this.#delete(keyOf('outbox', key))
  }

  /** Removes everything. */
  clear (): void {
    this.#writes = this.#read('').then(found => { for (const [key] of found) this.#delete(key) })
  }

  async #read (prefix: string): Promise<Array<[key: string, value: unknown]>> {
    try {
      await this.#writes
      const found = await this.storage.read(this.#prefix + prefix)
      return found.map(([key, value]) => [key.slice(this.#prefix.length), value])
    } catch (cause) {
      this.#report(cause)
      return []
    }
  }

  #write (key: string, value: unknown) {
    this.#writes = this.#writes.then(async () => await this.storage.write(this.#prefix + key, value)).catch(cause => this.#report(cause))
  }

  #delete (key: string) {
    this.#writes = this.#writes.then(async () => await this.storage.delete(this.#prefix + key)).catch(cause => this.#report(cause))
  }

  #report (cause: unknown) {
    if (!this.#hasFailed) this.report(cause)
    this.#hasFailed = true
  }
}

function keyOf (...parts: Array<string | number>): string {
  return parts.map(part => `${encodeURIComponent(part)}/`).join('')
}

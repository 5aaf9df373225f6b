import type { ApiClient, ChatError } from '../index.js'
import type { Intake } from './intake.js'
import { standing } from './offers.js'
import type { Retry } from './retry.js'
import type { State } from './state.js'

/** The most that a page can have. */
const largestPage = 100
/** How many conversations a catch-up tells the changes of. */
const caughtUp = 50
/** How long to wait before everything is read again, in ms. */
const restartDelay = 1000

export interface ListsOptions {
  api: ApiClient
  retry: Retry
  intake: Intake
  heads: State['heads']
  pageSize: number
  offers: State['offers']
  /** Whether events are coming: what happens from now on is told. */
  isLive: () => boolean
  /** What is known may have a hole: everything is to be dropped and read again. */
  startAfresh: () => void
  /** The first page is there: from its cursor on nothing will be missed. */
  onRead: () => void
  onChange: () => void
}

/**
 * Reads conversations and what awaits the user's move, and joins them to the events without a hole: what happened between a
 * list's cursor and the first event is read as well.
 */
export class Lists {
  status: 'idle' | 'loading' | 'ready' | 'failed' = 'idle'
  error: ChatError | undefined
  #nextPage: string | undefined
  #more: Promise<ChatError | undefined> | undefined
  #round = 0
  #isRead = false
  /** From where on what happened is to be read, once events are coming. */
  #since: string | undefined
  readonly #asked = new Map<string, Promise<void>>()
  readonly #again = new Set<string>()

  constructor (private readonly options: ListsOptions) {}

  /** Whether the first page is there. */
  get isRead (): boolean {
    return this.#isRead
  }

  /** Counts how often everything was read from the beginning. */
  get round (): number {
    return this.#round
  }

  get hasMore (): boolean {
    return this.#nextPage !== undefined
  }

  /** Reads everything from the beginning. */
  begin (): void {
    this.#round++
    this.status = 'loading'
    this.#isRead = false
    this.error = undefined
    this.#nextPage = this.#since = undefined
    this.#more = this.#first(this.#round).finally(() => { this.#more = undefined })
  }

  /** Events are coming, or are again. @param wasLive whether they have come before, without a hole but for what changes in silence */
  joined (wasLive: boolean): void {
    if (this.#since !== undefined) this.#close(this.#round)
    else if (wasLive && this.options.heads.all().length > caughtUp) this.#refresh(this.#round)
  }

  /** Reads the first page of conversations if that isn't there, else the next one. */
  async more (): Promise<ChatError | undefined> {
    if (this.status === 'idle') return undefined
    if (this.status !== 'ready') {
      this.options.retry.wake()
      await this.#more
      return this.error
    }
    if (this.#nextPage === undefined) return undefined
    this.#more ??= this.#next(this.#round, this.#nextPage).finally(() => { this.#more = undefined })
    return await this.#more
  }

  /** Reads a conversation again: once for all who ask meanwhile. */
  ask (userId: string): void {
    if (this.#asked.has(userId)) {
      this.#again.add(userId)
      return
    }
    this.#asked.set(userId, this.#read(userId).finally(() => {
      this.#asked.delete(userId)
      if (this.#again.delete(userId)) this.ask(userId)
    }))
  }

  async #first (round: number): Promise<ChatError | undefined> {
    const { api, retry, intake, heads, pageSize, isLive, onChange } = this.options
    let tick = 0
    const outcome = await retry.repeat(async () => {
      tick = heads.tick()
      return await api.GET('/api/messages/conversations', { params: { query: { limit: pageSize } }, signal: retry.signal })
    }, {
      isNeeded: () => round === this.#round,
      onRest: (_isResting, error) => {
        this.error = error
        this.status = error === undefined ? 'loading' : 'failed'
        onChange()
      }
    })
    if (outcome === undefined || round !== this.#round) return undefined
    const { data, error } = outcome
    if (data !== undefined) {
      heads.keepOnly(new Set(data.conversations.map(({ otherUser }) => otherUser.userId)))
      for (const conversation of data.conversations) intake.conversation(conversation, tick)
      this.#nextPage = data.nextPageToken ?? undefined
      this.#since = data.cursor
      this.#isRead = true
      if (isLive()) this.#close(round)
      // What is read from now on is at least as new as the list.
      this.options.onRead()
      this.#awaiting(round)
    }
    return this.#end(error)
  }

  async #next (round: number, pageToken: string): Promise<ChatError | undefined> {
    const { api, retry, intake, heads, pageSize } = this.options
    const tick = heads.tick()
    const { data, error } = await api.GET('/api/messages/conversations', {
      params: { query: { limit: pageSize, pageToken } }, signal: retry.signal
    })
    if (data === undefined || round !== this.#round) return error
    for (const conversation of data.conversations) intake.conversation(conversation, tick)
    this.#nextPage = data.nextPageToken ?? undefined
    return this.#end()
  }

  #end (error?: ChatError): ChatError | undefined {
    this.error = error
    this.status = error === undefined ? 'ready' : 'failed'
    this.options.onChange()
    return error
  }

  /** Reads what happened between the list and the first event. */
  async #close (round: number) {
    const { api, retry, intake, heads } = this.options
    let since = this.#since
    this.#since = undefined
    while (since !== undefined) {
      const tick = heads.tick()
      const query = { since, changes: true, limit: largestPage } as const
      const outcome: Awaited<ReturnType<typeof ask>> | undefined = await retry.repeat(ask, { isNeeded: () => round === this.#round })
      if (outcome?.error !== undefined) return await this.#restart(round, outcome.error)
      const data = outcome?.data
      if (data === undefined || round !== this.#round) return
      intake.offers(data.offers)
      for (const message of data.messages) intake.message(message)
      for (const conversation of data.conversations ?? []) intake.conversation(conversation, tick)
      since = data.more ? data.cursor : undefined
      this.options.onChange()

      async function ask () {
        return await api.GET('/api/messages/sync', { params: { query }, signal: retry.signal })
      }
    }
  }

  /** The server doesn't know its own cursor any more: everything is read again, soon. */
  async #restart (round: number, error: ChatError) {
    this.#end(error)
    await this.options.retry.pause(restartDelay)
    if (round === this.#round && !this.options.retry.isOver) this.options.startAfresh()
  }

  /** Reads the conversations again that are known, after a time in which a catch-up doesn't tell of all. */
  async #refresh (round: number) {
    const { api, retry, intake, heads, onChange } = this.options
    let left = heads.all().length
    for (let pageToken: string | undefined; left > 0;) {
      const tick = heads.tick()
      const query = { limit: largestPage, pageToken }
      const outcome = await retry.repeat(
        async () => await api.GET('/api/messages/conversations', { params: { query }, signal: retry.signal }),
        { isNeeded: () => round === this.#round }
      )
      if (outcome?.data === undefined || round !== this.#round) return
      for (const conversation of outcome.data.conversations) intake.conversation(conversation, tick)
      onChange()
      if (outcome.data.nextPageToken === null) return
      pageToken = outcome.data.nextPageToken
      left -= outcome.data.conversations.length
    }
  }

  /** Reads the offers that await the user's move. */
  async #awaiting (round: number) {
    const { api, retry, intake, onChange } = this.options
    for (let pageToken: string | undefined; ;) {
      const query = { awaiting: 'me', limit: largestPage, pageToken } as const
      const outcome = await retry.repeat(
        async () => await api.GET('/api/messages/trades', { params: { query }, signal: retry.signal }),
        { isNeeded: () => round === this.#round }
      )
      if (outcome?.data === undefined || round !== this.#round) return
      intake.offers(outcome.data.trades)
      onChange()
      if (outcome.data.nextPageToken === null) return await this.confirm()
      pageToken = outcome.data.nextPageToken
    }
  }

  /** Reads the open offers that are known from another time only: they may have been answered since. */
  async confirm (): Promise<void> {
    const { api, retry, intake, offers } = this.options
    const round = this.#round
    for (const messageId of offers.doubtful()) {
      const outcome = await retry.repeat(
        async () => await api.GET('/api/messages/trades/{messageId}', { params: { path: { messageId } }, signal: retry.signal }),
        { isNeeded: () => round === this.#round && offers.isDoubtful(messageId) }
      )
      if (round !== this.#round) return
      if (outcome?.data !== undefined) intake.offers([standing(outcome.data)])
    }
  }

  async #read (userId: string) {
    const { api, retry, intake, heads, onChange } = this.options
    const round = this.#round
    let tick = 0
    const outcome = await retry.repeat(async () => {
      tick = heads.tick()
      return await api.GET('/api/messages/conversations/{userId}', { params: { path: { userId } }, signal: retry.signal })
    }, { isNeeded: () => round === this.#round })
    if (outcome?.data === undefined || round !== this.#round) return
    intake.conversation(outcome.data, tick)
    onChange()
  }
}

import type { ApiClient, ChatError } from '../index.js'
import type { Intake } from './intake.js'
import type { OnRest, Retry } from './retry.js'
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
  /** Counts how often everything was read from the beginning. */
  round = 0
  /** Whether the first page is there. */
  isRead = false
  /** From where on what happened is to be read, once events are coming. */
  #since: string | undefined
  /** Who is being read, and whether they are to be again. */
  readonly #asked = new Map<string, boolean>()

  constructor (private readonly options: ListsOptions) {}

  get hasMore (): boolean {
    return this.#nextPage !== undefined
  }

  /** Reads everything from the beginning. */
  begin (): void {
    this.round++
    this.status = 'loading'
    this.isRead = false
    this.error = undefined
    this.#nextPage = this.#since = undefined
    this.#load()
  }

  /** Events are coming, or are again. @param wasLive whether they have come before, without a hole but for what changes in silence */
  joined (wasLive: boolean): void {
    if (this.#since !== undefined) this.#close(this.round)
    else if (wasLive && this.options.heads.all().length > caughtUp) this.#refresh(this.round)
  }

  /** Reads the first page of conversations if that isn't there, else the next one. */
  async more (): Promise<ChatError | undefined> {
    if (this.status === 'idle') return undefined
    if (!this.isRead) this.options.retry.wake()
    else if (!this.hasMore) return this.error
    return await (this.#more ?? this.#load(this.#nextPage))
  }

  /** Reads a conversation again: once for all who ask meanwhile. */
  async ask (userId: string): Promise<void> {
    const isAsked = this.#asked.has(userId)
    this.#asked.set(userId, isAsked)
    if (isAsked) return
    await this.#read(userId)
    const isAskedAgain = this.#asked.get(userId)
    this.#asked.delete(userId)
    if (isAskedAgain) await this.ask(userId)
  }

  /** Reads the first page, or another. */
  async #load (pageToken?: string): Promise<ChatError | undefined> {
    return await (this.#more = this.#take(this.round, pageToken).finally(() => { this.#more = undefined }))
  }

  async #take (round: number, pageToken: string | undefined): Promise<ChatError | undefined> {
    const { pageSize, heads, isLive, onRead, onChange } = this.options
    const isFirst = pageToken === undefined
    const outcome = await this.#page(round, { limit: pageSize, pageToken }, (_isResting, error) => {
      if (!isFirst) return
      this.error = error
      this.status = error === undefined ? 'loading' : 'failed'
      onChange()
    })
    if (outcome === undefined) return undefined
    const { data, error } = outcome
    if (data !== undefined) {
      this.#nextPage = data.nextPageToken ?? undefined
      if (isFirst) {
        heads.keepOnly(new Set(data.conversations.map(({ otherUser }) => otherUser.userId)))
        this.#since = data.cursor
        this.isRead = true
        if (isLive()) this.#close(round)
        // What is read from now on is at least as new as the list.
        onRead()
        this.#awaiting(round)
      }
    }
    return this.#end(error)
  }

  #end (error: ChatError | undefined): ChatError | undefined {
    this.error = error
    this.status = error === undefined ? 'ready' : 'failed'
    this.options.onChange()
    return error
  }

  /** Reads a page of conversations. */
  async #page (round: number, query: { limit: number, pageToken?: string | undefined }, onRest?: OnRest) {
    const { api, intake, heads } = this.options
    let tick = 0
    const outcome = await this.#repeat(round, async () => {
      tick = heads.tick()
      return await api.GET('/api/messages/conversations', { params: { query } })
    }, onRest)
    for (const conversation of outcome?.data?.conversations ?? []) intake.conversation(conversation, tick)
    return outcome
  }

  /** Reads what happened between the list and the first event. */
  async #close (round: number) {
    const { api, intake, heads, retry, startAfresh, onChange } = this.options
    for (let since = this.#since, tick = heads.tick(); since !== undefined; tick = heads.tick()) {
      const query = { since, changes: true, limit: largestPage }
      this.#since = undefined
      const outcome: Awaited<ReturnType<typeof ask>> | undefined = await this.#repeat(round, ask)
      const data = outcome?.data
      if (data === undefined) {
        if (outcome === undefined) return
        // The server doesn't know its own cursor any more.
        this.#end(outcome.error)
        await retry.pause(restartDelay)
        if (round === this.round && !retry.isOver) startAfresh()
        return
      }
      intake.offers(data.offers)
      for (const message of data.messages) intake.message(message)
      for (const conversation of data.conversations ?? []) intake.conversation(conversation, tick)
      since = data.more ? data.cursor : undefined
      onChange()

      async function ask () {
        return await api.GET('/api/messages/sync', { params: { query } })
      }
    }
  }

  /** Reads the conversations again that are known, after a time in which a catch-up doesn't tell of all. */
  async #refresh (round: number) {
    let left = this.options.heads.all().length
    await this.#pages(async pageToken => {
      const outcome = await this.#page(round, { limit: largestPage, pageToken })
      left -= largestPage
      return left > 0 ? outcome?.data?.nextPageToken : null
    })
  }

  /** Reads the offers that await the user's move. */
  async #awaiting (round: number) {
    const { api, intake } = this.options
    await this.#pages(async pageToken => {
      const query = { awaiting: 'me', limit: largestPage, pageToken } as const
      const outcome = await this.#repeat(round, async () => await api.GET('/api/messages/trades', { params: { query } }))
      if (outcome?.data !== undefined) intake.offers(outcome.data.trades)
      return outcome?.data?.nextPageToken
    })
    await this.confirm()
  }

  /** @param read reads a page. @returns where the next one is, if there is one and it is wanted */
  async #pages (read: (pageToken: string | undefined) => Promise<string | null | undefined>) {
    for (let pageToken: string | null | undefined; pageToken !== null;) {
      pageToken = await read(pageToken) ?? null
      this.options.onChange()
    }
  }

  /** Reads the open offers that are known from another time only: they may have been answered since. */
  async confirm (): Promise<void> {
    const { api, intake, offers } = this.options
    for (const messageId of offers.doubtful()) {
      const outcome = await this.#repeat(this.round, async () =>
        await api.GET('/api/messages/trades/{messageId}', { params: { path: { messageId } } }))
      if (outcome?.data !== undefined) intake.offers([outcome.data])
    }
  }

  async #read (userId: string) {
    const { api, intake, heads, offers, onChange } = this.options
    let tick = 0
    const outcome = await this.#repeat(this.round, async () => {
      tick = heads.tick()
      return await api.GET('/api/messages/conversations/{userId}', { params: { path: { userId } } })
    })
    if (outcome?.data === undefined) return
    // Events were lost, moves maybe: an offer's next event may be far away.
    intake.conversation(outcome.data, tick)
    onChange()
    const head = heads.get(userId)
    if (!head?.isMissing) return
    head.isMissing = false
    offers.doubt(userId)
    await this.#awaiting(this.round)
  }

  /** @returns undefined if everything is read from the beginning by then */
  async #repeat<Outcome extends { error?: ChatError | undefined }> (round: number, call: () => Promise<Outcome>, onRest?: OnRest) {
    return await this.options.retry.repeat(call, () => round === this.round, onRest)
  }
}

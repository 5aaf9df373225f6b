import { ownError } from '../errors.js'
import type { ApiClient, ChatError, Message, TradeOffer } from '../index.js'
import { MessageLog } from './message-log.js'
import type { Retry } from './retry.js'
import type { Refusal } from './types.js'

/** The most messages that a page can have. */
const largestPage = 100
/** How many threads that nobody looks at any more stay as they are. */
const maxIdle = 50

/** What is known of a thread. */
export interface ThreadState {
  readonly userId: string
  log: MessageLog
  /** How many look at it. */
  viewers: number
  /** Whether the server has been asked since the log was begun. */
  isFresh: boolean
  error?: ChatError
  /** Why the last that was to be sent was refused, and after which message: a later one shows that it doesn't hold any more. */
  refusal?: { why: Refusal | undefined, after: number }
  following?: Promise<void>
  older?: Promise<ChatError | undefined>
}

interface Page {
  messages: Message[]
  offers: TradeOffer[]
  nextPageToken: string | null
}

interface Outcome {
  data?: Page | undefined
  error?: ChatError | undefined
}

export interface ThreadsOptions {
  api: ApiClient
  retry: Retry
  pageSize: number
  /** Whether what happens from now on is going to be told: only then it is worth reading. */
  isReady: () => boolean
  /** The position of the last message with a user, as far as it is known. */
  headOf: (userId: string) => number
  /** A page has come. */
  onPage: (userId: string, messages: readonly Message[], offers: readonly TradeOffer[]) => void
  /** The thread with a user has changed. */
  onChange: (userId: string) => void
}

/** The threads by the other user's id. Those that somebody looks at follow the server's log to its end. */
export class Threads {
  readonly #threads = new Map<string, ThreadState>()

  constructor (private readonly options: ThreadsOptions) {}

  get (userId: string): ThreadState | undefined {
    return this.#threads.get(userId)
  }

  users (): Iterable<string> {
    return this.#threads.keys()
  }

  /** The thread with a user; it is made where there is none. */
  of (userId: string): ThreadState {
    const thread = this.#threads.get(userId) ?? { userId, log: new MessageLog(), viewers: 0, isFresh: false }
    // The one that was touched last is the last to be let go.
    this.#threads.delete(userId)
    this.#threads.set(userId, thread)
    return thread
  }

  /** Somebody looks at a thread. @returns what is to be called when they no longer do */
  open (userId: string): () => void {
    const thread = this.of(userId)
    thread.viewers++
    this.options.onChange(userId)
    this.follow(userId)
    let isOpen = true
    return () => {
      if (isOpen) thread.viewers--
      isOpen = false
      this.#letGo()
    }
  }

  /** Takes a message that was told, if there is a thread for it. */
  take (userId: string, message: Message): void {
    const thread = this.#threads.get(userId)
    if (thread === undefined) return
    thread.log.add([message])
    this.options.onChange(userId)
  }

  /** Reads what is missing of a thread, if somebody looks at it. */
  follow (userId: string): void {
    const thread = this.#threads.get(userId)
    if (!thread?.viewers || thread.following || this.options.retry.isOver || !this.options.isReady() || this.#isComplete(thread)) return
    thread.following = this.#follow(thread).finally(() => {
      thread.following = undefined
      this.options.onChange(userId)
    })
  }

  /** Reads what is missing of all threads that somebody looks at. */
  followAll (): void {
    for (const userId of this.#threads.keys()) this.follow(userId)
  }

  /** Reads the page before the first message shown. */
  async loadOlder (userId: string): Promise<ChatError | undefined> {
    const thread = this.#threads.get(userId)
    if (thread === undefined || thread.log.first === 1) return undefined
    return await (thread.older ??= this.#readBack(thread).finally(() => { thread.older = undefined }))
  }

  /** Waits for what follows the last message shown, if somebody looks at it. */
  async loadNewer (userId: string): Promise<ChatError | undefined> {
    this.follow(userId)
    const thread = this.#threads.get(userId)
    await thread?.following
    return thread?.error
  }

  /** Forgets what all logs hold: the server's may be others by now. */
  reset (): void {
    for (const thread of this.#threads.values()) this.restart(thread)
  }

  /** Forgets what a log holds, and reads it again. */
  restart (thread: ThreadState): void {
    thread.log = new MessageLog(thread.log.keys)
    thread.isFresh = false
    this.options.onChange(thread.userId)
    this.follow(thread.userId)
  }

  async #follow (thread: ThreadState) {
    const { retry, onChange } = this.options
    while (thread.viewers > 0 && !this.#isComplete(thread)) {
      const { log } = thread
      const outcome = await retry.repeat(async () => await this.#readOn(thread, log), () => thread.viewers > 0 && thread.log === log && !this.#isComplete(thread), (_isResting, error) => {
        thread.error = error
        onChange(thread.userId)
      })
      if (retry.isOver) return
      thread.error = outcome?.error
      if (thread.error !== undefined) return
    }
  }

  #isComplete ({ userId, log, isFresh }: ThreadState): boolean {
    return isFresh && log.last >= this.options.headOf(userId)
  }

  /** Reads from the end of the stretch on; where the end of the conversation is far away, its last page instead. */
  async #readOn (thread: ThreadState, log: MessageLog): Promise<Outcome> {
    const { headOf, pageSize } = this.options
    const { userId } = thread
    const { last } = log
    // What was kept may have been erased since, and is read again.
    const goesOn = thread.isFresh && headOf(userId) - last <= largestPage
    const { data, error } = goesOn
      ? await this.#read(thread, log, 'add', { order: 'asc', afterSeq: last, limit: largestPage })
      : await this.#read(thread, log, 'addNewest', { order: 'desc', limit: thread.isFresh || !last ? pageSize : largestPage })
    if (data === undefined) return { error }
    thread.isFresh ||= !goesOn || data.nextPageToken === null
    thread.error = undefined
    this.options.onChange(userId)
    return data.messages.length === 0 && log.last < headOf(userId) ? { error: ownError('gap') } : {}
  }

  /** Reads what comes before the stretch. */
  async #readBack (thread: ThreadState): Promise<ChatError | undefined> {
    const { log, userId } = thread
    const { error } = await this.#read(thread, log, 'add', { order: 'desc', beforeSeq: log.first, limit: this.options.pageSize })
    this.options.onChange(userId)
    return error
  }

  /**
   * Reads a page into a log, before anybody learns of it: who does may look there for the last message.
   * @returns neither a page nor an error if the log was given up meanwhile: what was so then may not be any more
   */
  async #read (thread: ThreadState, log: MessageLog, add: 'add' | 'addNewest', query: Query): Promise<Outcome> {
    const { api, onPage } = this.options
    const { userId } = thread
    const { data, error } = await api.GET('/api/messages/{userId}', { params: { path: { userId }, query } })
    if (thread.log !== log) return {}
    if (data !== undefined) {
      log[add](data.messages)
      onPage(userId, data.messages, data.offers)
    }
    return { data, error }
  }

  #letGo () {
    const idle = [...this.#threads.values()].filter(({ viewers }) => viewers === 0)
    for (const { userId } of idle.slice(0, -maxIdle)) {
      this.#threads.delete(userId)
      this.options.onChange(userId)
    }
  }
}

interface Query {
  order: 'asc' | 'desc'
  afterSeq?: number
  beforeSeq?: number
  limit: number
}

import { ownError } from '../errors.js'
import { tellRead } from '../tell-read.js'
import { createApi } from '../api.js'
import { createCaller, type Call } from '../caller.js'
import type { ApiClient, ChatError, LiveState, Message, TradeOffer } from '../index.js'
import { longestTimer } from '../longest-timer.js'
import type { Actions } from './actions.js'
import { Feed } from './feed.js'
import { Heads } from './heads.js'
import { userOf } from './identity.js'
import { createIntake, type Intake } from './intake.js'
import { Lists } from './lists.js'
import { Notifier } from './notifier.js'
import { Offers } from './offers.js'
import { Outbox } from './outbox.js'
import { Reads } from './reads.js'
import { Retry } from './retry.js'
import { ServerClock } from './server-clock.js'
import type { Settings } from './settings.js'
import { Threads } from './threads.js'
import type { ChatSnapshot, Refusal } from './types.js'
import { TypingUsers } from './typing.js'
import { isHopeless, type Keeping, type State } from './state.js'
import { View } from './view.js'

/** How much is collected before listeners are told while it catches up, in ms; live they are told as soon as all that came at once is in. */
const collection = 50
/** The longest that is waited for what was kept, in ms. */
const storagePatience = 1000

/** What it means that the server refuses, by the code of the problem. */
const refusals: Partial<Record<ChatError['code'], Refusal>> = {
  contact_not_allowed: 'not-allowed', reply_awaited: 'reply-awaited', contact_limit: 'contact-limit', suspended: 'suspended'
}

/** All parts of a store, and how they work together. */
export class Engine implements State {
  readonly clock = new ServerClock(() => this.view.touchOffers())
  readonly now = () => this.clock.now()
  readonly offers = new Offers()
  readonly heads: Heads
  readonly threads: Threads
  readonly outbox: Outbox
  readonly lists: Lists
  readonly reads: Reads
  readonly intake: Intake
  readonly retry: Retry
  readonly call: Call
  readonly api: ApiClient
  readonly view: View
  readonly notifier: Notifier<ChatSnapshot>
  readonly typing = new TypingUsers(userId => this.view.touchThread(userId))
  me: string | undefined
  /** Where events come from, once it has started. */
  feed: Feed | undefined
  /** What keeps things, once it is loaded. */
  keeping: Keeping | undefined
  connection: LiveState = { status: 'connecting' }
  forget: boolean | undefined
  #isStarted = false
  #wasLive = false
  #actions: Promise<Actions> | undefined
  #expiry: ReturnType<typeof setTimeout> | undefined

  constructor (private readonly settings: Settings) {
    const { backoff, pageSize } = settings
    const { clock } = this
    const onChange = (userId: string) => {
      this.view.touchThread(userId)
      this.intake.settle(userId)
    }
    const ask = (userId: string) => { if (!this.reads.isPending(userId)) this.lists.ask(userId) }
    const call = this.call = createCaller(settings)
    const api = this.api = createApi(call, settings.onError)
    const retry = this.retry = new Retry(backoff, () => this.feed === undefined || isHopeless(this.connection))
    this.view = new View(this, () => this.notifier.soon(this.connection.status === 'connecting' ? collection : 0))
    this.notifier = new Notifier(() => this.#show())
    const heads = this.heads = new Heads((userId, afterSeq, toSeq) => this.threads.get(userId)?.log.count(userId, afterSeq, toSeq))
    const seqOf = (userId: string) => Math.max(heads.get(userId)?.seq ?? 0, this.threads.get(userId)?.log.last ?? 0)
    this.threads = new Threads({
      api,
      retry,
      pageSize,
      isReady: () => this.lists.isRead,
      headOf: seqOf,
      onPage: (userId, messages, offers) => this.intake.page(userId, messages, offers),
      onChange
    })
    this.outbox = new Outbox({
      api,
      retry,
      now: this.now,
      onChange,
      onDelivered: (userId, message) => this.#deliver(userId, message),
      seqOf,
      onRefused: (userId, error, after) => this.refused(userId, error, after),
      keep: entry => this.keeping?.keepOutgoing(entry),
      forget: key => this.keeping?.forgetOutgoing(key)
    })
    this.reads = new Reads({
      retry,
      send: (userId, seq) => tellRead(this.feed?.live, api, userId, seq),
      onDone: (userId, error) => this.#hasRead(userId, error)
    })
    this.intake = createIntake({ state: this, view: this.view, clock, typing: this.typing, onUser: userId => this.#meet(userId), ask })
    this.lists = new Lists({
      api,
      retry,
      intake: this.intake,
      heads,
      offers: this.offers,
      pageSize,
      isLive: () => this.connection.status === 'live',
      startAfresh: () => this.#beginAgain(),
      onRead: () => this.threads.followAll(),
      onChange: () => this.view.touch()
    })
  }

  async start (): Promise<void> {
    if (this.#isStarted) return
    this.#isStarted = true
    const { settings } = this
    const { sharing, baseUrl } = settings
    const me = settings.userId || await userOf(settings.token)
    if (me !== undefined) await this.#become(me)
    if (this.retry.isOver) return
    this.feed = new Feed({
      live: settings,
      shared: me && sharing && { name: JSON.stringify(['equilux-chat', baseUrl, me]), ...sharing },
      clock: this.clock,
      onEvent: event => this.intake.event(event),
      onState: state => this.#connectionIs(state),
      onNote: note => note.type === 'marked' ? this.lists.ask(note.userId) : this.outbox.discard(note.key)
    })
    this.lists.begin()
    this.outbox.open()
    this.retry.wake()
  }

  /** Does what users do now and then. */
  async act<Result> (act: (actions: Actions) => Promise<Result>): Promise<Result | { error: ChatError }> {
    try {
      return await act(await (this.#actions ??= import('./actions.js').then(({ createActions }) => createActions(this))))
    } catch (cause) {
      // It couldn't be loaded: the next time it may.
      this.#actions = undefined
      return { error: ownError('network_unreachable', undefined, { cause }) }
    }
  }

  /** Ends it for good. @param forget whether what was kept is removed */
  end (error?: ChatError, forget?: boolean): void {
    if (this.retry.isOver) return
    this.forget = forget
    this.keeping?.[forget ? 'forget' : 'flush']()
    this.retry.end()
    this.feed?.close()
    this.typing.clear()
    clearTimeout(this.#expiry)
    this.connection = { status: 'closed', ...error && { error } }
    this.view.touch()
    this.notifier.now()
  }

  /** What is to be shown, and what follows from it. */
  #show (): ChatSnapshot {
    const snapshot = this.view.get()
    this.keeping?.note(snapshot)
    clearTimeout(this.#expiry)
    const left = this.view.expiry - this.now()
    if (left < Infinity && !this.retry.isOver) this.#expiry = setTimeout(() => this.view.touch(), Math.min(left, longestTimer))
    return snapshot
  }

  #connectionIs (state: LiveState) {
    if (this.retry.isOver) return
    const wasHopeless = isHopeless(this.connection)
    this.connection = state
    this.view.touch()
    for (const userId of this.outbox.users()) this.view.touchThread(userId)
    if (state.status === 'live') this.#isLive(state)
    else if (wasHopeless && !isHopeless(state)) this.retry.wake()
    if (state.status !== 'live' && state.status !== 'connecting') this.typing.clear()
  }

  #isLive ({ refreshed }: LiveState) {
    if (refreshed) this.#beginAgain()
    else this.lists.joined(this.#wasLive)
    this.#wasLive = true
    // While there is a network.
    this.act(async () => {})
    this.retry.wake()
    // What a tab that is gone has left.
    if (this.feed?.isLeader !== false) this.keeping?.takeLeft()
  }

  /** Reads everything again: what the server has told before may not be so any more. */
  #beginAgain () {
    this.heads.clear()
    this.offers.clear()
    this.reads.clear()
    this.threads.reset()
    this.view.touchOffers()
    this.lists.begin()
  }

  /** A connection is this user's. */
  #meet (userId: string) {
    if (this.me === undefined) this.#become(userId)
    else if (this.me !== userId) this.end(ownError('user_changed', undefined, { retryable: false }))
  }

  /** It is known who the user is: what was kept can be shown. */
  async #become (userId: string) {
    this.me = userId
    this.view.touch()
    if (!this.settings.persist) return
    const report = (cause: unknown) => this.settings.onError(ownError('storage_unavailable', undefined, { retryable: false, cause }))
    const keeping = import('./persistence.js').then(({ keep }) => keep(this, this.settings, userId, report)).catch(report)
    await Promise.race([keeping, this.retry.pause(storagePatience, true)])
  }

  /** Takes an offer as it was at a time after which it may have moved untold. */
  takeDoubtful (offer: TradeOffer): void {
    this.offers.restore(offer)
    this.view.touchOffers()
    if (this.lists.isRead) this.lists.confirm()
  }

  /** The server has taken what was sent, now or a while ago. */
  #deliver (userId: string, message: Message) {
    if (message.messageType === 'tradeOffer' && this.offers.get(message.messageId, this.now()) === undefined) this.takeDoubtful(message.tradeOffer)
    this.intake.message(message, userId)
  }

  /** The server has refused what was to be sent to a user. */
  refused (userId: string, { code }: ChatError, after = this.heads.get(userId)?.seq ?? 0): void {
    if (code === 'blocked') this.heads.mark(userId, { blocked: true })
    else this.threads.of(userId).refusal = { why: refusals[code], after }
    this.view.touchThread(userId)
  }

  #hasRead (userId: string, error: ChatError | undefined) {
    const head = this.heads.get(userId)
    if (error !== undefined) head?.unread.distrust()
    if (head !== undefined && !this.heads.isSure(userId)) this.lists.ask(userId)
  }
}

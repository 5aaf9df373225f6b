import type { LiveEvent, Message, TradeOffer } from '../index.js'
import type { HeadData } from './heads.js'
import type { ServerClock } from './server-clock.js'
import type { TypingUsers } from './typing.js'
import type { State } from './state.js'
import type { View } from './view.js'

export interface IntakeOptions {
  state: State
  view: View
  clock: ServerClock
  typing: TypingUsers
  /** A user is connected: the one that was thought of, or another. */
  onUser: (userId: string) => void
  /** The server is to be asked for a conversation: what is known of it is incomplete, or a guess. */
  ask: (userId: string) => void
}

/** Takes in what the server says, whichever way it comes: it may come in any order and more than once. */
export class Intake {
  constructor (private readonly options: IntakeOptions) {}

  event (event: LiveEvent): void {
    const { clock, typing, onUser } = this.options
    switch (event.type) {
      case 'connected':
        clock.learn(event.data.serverTime)
        return onUser(event.data.userId)
      case 'newMessage':
        return this.message(event.data)
      case 'tradeResponse':
        this.offers([event.data.offer])
        return this.message(event.data.message)
      case 'tradeExpiring':
        return this.offers([event.data.offer])
      case 'typing':
        return typing.start(event.data.userId)
      case 'stopTyping':
        return typing.stop(event.data.userId)
      case 'presence':
        return this.#presence(event.data)
      case 'read':
        return this.#read(event.data)
    }
  }

  /** @param userId the other user: whoever isn't this one */
  message (message: Message, userId = message.senderId === this.options.state.me ? message.receiverId : message.senderId): void {
    const { state: { heads, threads, outbox }, view, typing, ask } = this.options
    const isOwn = message.senderId !== userId
    this.#begin(message)
    if (isOwn) outbox.recognize(userId, message)
    else typing.stop(userId)
    const isIncomplete = heads.message(userId, message)
    threads.take(userId, message)
    if (isIncomplete) ask(userId)
    view.touchThread(userId)
    threads.follow(userId)
  }

  /** Takes a page of the messages with a user. */
  page (userId: string, messages: readonly Message[], offers: readonly TradeOffer[]): void {
    this.offers(offers)
    for (const message of messages) {
      this.#begin(message)
      if (message.senderId !== userId) this.options.state.outbox.recognize(userId, message)
    }
  }

  offers (offers: readonly TradeOffer[]): void {
    const isNews = offers.map(offer => this.options.state.offers.take(offer)).includes(true)
    if (isNews) this.options.view.touchOffers()
  }

  /** @param since a tick of the heads before it was asked for */
  conversation (conversation: HeadData, since: number): void {
    const { state: { heads, threads }, view, ask } = this.options
    const { userId, unread } = heads.take(conversation, since)
    threads.verify(userId, conversation)
    view.touchThread(userId)
    threads.follow(userId)
    if (unread.isDoubtful) ask(userId)
  }

  /** Lets go of what was sent where its message is shown among the others, or nobody looks. */
  settle (userId: string): void {
    const { threads, outbox } = this.options.state
    const thread = threads.get(userId)
    for (const { key, message } of outbox.entriesFor(userId)) {
      if (message === undefined) continue
      const isShown = thread?.log.isBegun ? message.seq <= thread.log.last : thread === undefined || thread.viewers === 0
      if (isShown) outbox.drop({ userId, key })
    }
  }

  #begin (message: Message) {
    const { state: { offers }, view } = this.options
    if (message.messageType === 'tradeOffer' && offers.begin(message.tradeOffer)) view.touchOffers()
  }

  #presence ({ userId, online, lastSeenAt }: Extract<LiveEvent, { type: 'presence' }>['data']) {
    const { state: { heads }, view } = this.options
    heads.presence(userId, online, lastSeenAt)
    view.touch()
  }

  #read ({ userId, conversationId, seq, unreadCount }: Extract<LiveEvent, { type: 'read' }>['data']) {
    const { state: { me, heads }, view, ask } = this.options
    const isOwn = userId === me
    const otherId = isOwn ? conversationId.split('~').find(id => id !== me) ?? '' : userId
    const head = heads.get(otherId)
    if (head === undefined) return
    if (isOwn) head.unread.read(seq, unreadCount)
    else heads.otherRead(otherId, seq)
    if (head.unread.isDoubtful) ask(otherId)
    view.touchThread(otherId)
  }
}

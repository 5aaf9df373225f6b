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
export interface Intake {
  event: (event: LiveEvent) => void
  /** @param userId the other user: whoever isn't this one */
  message: (message: Message, userId?: string) => void
  /** Takes a page of the messages with a user. */
  page: (userId: string, messages: readonly Message[], offers: readonly TradeOffer[]) => void
  offers: (offers: readonly TradeOffer[]) => void
  /** @param since a tick of the heads before it was asked for */
  conversation: (conversation: HeadData, since: number) => void
  /** Lets go of what was sent where its message is shown among the others, or nobody looks. */
  settle: (userId: string) => void
}

/** The parts of the state are there when it is made. */
export function createIntake ({ state, view, clock, typing, onUser, ask }: IntakeOptions): Intake {
  const { heads, threads, outbox, offers } = state

  function event (event: LiveEvent) {
    switch (event.type) {
      case 'connected':
        clock.learn(event.data.serverTime)
        return onUser(event.data.userId)
      case 'newMessage':
        return message(event.data)
      case 'tradeResponse':
        takeOffers([event.data.offer])
        return message(event.data.message)
      case 'tradeExpiring':
        return takeOffers([event.data.offer])
      case 'typing':
        return typing.start(event.data.userId)
      case 'stopTyping':
        return typing.stop(event.data.userId)
      case 'presence':
        heads.presence(event.data)
        return view.touch()
      case 'read':
        return read(event.data)
    }
  }

  function message (message: Message, userId = message.senderId === state.me ? message.receiverId : message.senderId) {
    begin(userId, message)
    if (message.senderId === userId) typing.stop(userId)
    const isIncomplete = heads.message(userId, message)
    threads.take(userId, message)
    if (isIncomplete) ask(userId)
    view.touchThread(userId)
    threads.follow(userId)
  }

  function begin (userId: string, message: Message) {
    if (message.messageType === 'tradeOffer' && offers.begin(message.tradeOffer)) view.touchOffers()
    if (message.senderId !== userId) outbox.recognize(userId, message)
  }

  function takeOffers (news: readonly TradeOffer[]) {
    if (news.map(offer => offers.take(offer)).includes(true)) view.touchOffers()
  }

  function read ({ userId, conversationId, seq, unreadCount }: Extract<LiveEvent, { type: 'read' }>['data']) {
    const isOwn = userId === state.me
    const otherId = isOwn ? conversationId.split('~').find(id => id !== userId) ?? '' : userId
    const head = heads.get(otherId)
    if (head === undefined) return
    if (isOwn) head.unread.read(seq, unreadCount)
    else heads.otherRead(otherId, seq)
    if (head.unread.isDoubtful) ask(otherId)
    view.touchThread(otherId)
  }

  return {
    event,
    message,
    offers: takeOffers,
    page (userId, messages, offers) {
      takeOffers(offers)
      for (const message of messages) begin(userId, message)
    },
    conversation (conversation, since) {
      const { userId, unread } = heads.take(conversation, since)
      state.keeping?.verify(userId, conversation)
      view.touchThread(userId)
      threads.follow(userId)
      if (unread.isDoubtful) ask(userId)
    },
    settle (userId) {
      const thread = threads.get(userId)
      for (const { key, message } of outbox.entriesFor(userId)) {
        if (message === undefined) continue
        const isShown = thread?.log.isBegun ? message.seq <= thread.log.last : !thread?.viewers
        if (isShown) outbox.drop({ userId, key })
      }
    }
  }
}

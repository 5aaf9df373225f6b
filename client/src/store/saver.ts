import type { Keeper } from './keeper.js'
import type { ChatSnapshot } from './types.js'
import type { State } from './state.js'

/** How long changes are collected before they are kept, in ms. */
const delay = 300
/** How many messages of a thread are kept: half of the largest page. */
export const keptMessages = 50

/** Keeps what is shown, for the next time's first sight. */
export class Saver {
  #saved: ChatSnapshot | undefined
  #shown: ChatSnapshot | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor (private readonly keeper: Keeper, private readonly state: State, private readonly pageSize: number) {}

  /** Something else is shown. */
  note (snapshot: ChatSnapshot): void {
    this.#shown = snapshot
    this.#timer ??= setTimeout(() => this.flush(), delay)
  }

  /** Keeps at once what isn't yet. */
  flush (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const [shown, saved] = [this.#shown, this.#saved]
    if (shown === undefined) return
    this.#saved = shown
    const { conversations, threads } = shown
    if (conversations.status === 'ready' && conversations !== saved?.conversations) this.#saveList(shown)
    for (const [userId, thread] of Object.entries(threads)) {
      if (thread.status === 'ready' && thread !== saved?.threads[userId]) this.#saveThread(userId)
    }
  }

  /** Keeps nothing more. */
  stop (): void {
    clearTimeout(this.#timer)
  }

  #saveList ({ conversations: { items, requests }, me }: ChatSnapshot) {
    const conversations = [...items.slice(0, this.pageSize), ...requests.slice(0, this.pageSize)].flatMap(
      ({ user, lastMessage, isMuted, mutedUntil = null, isBlocked, ...head }) =>
        lastMessage === undefined ? [] : [{ otherUser: user, lastMessage, muted: isMuted, mutedUntil, blocked: isBlocked, ...head }])
    const offers = [...this.state.offers.all(-Infinity)].filter(({ awaiting }) => awaiting !== null && awaiting === me)
    this.keeper.keepList({ conversations, offers })
  }

  #saveThread (userId: string) {
    const log = this.state.threads.get(userId)?.log
    if (log === undefined) return
    const messages = [...log.stretch(log.last - keptMessages + 1)]
    const ids = new Set(messages.map(message => message.messageType === 'tradeResponse' ? message.tradeResponse.offerId : message.messageId))
    const offers = [...this.state.offers.all(-Infinity)].filter(({ messageId }) => ids.has(messageId))
    this.keeper.keepThread({ userId, messages, offers, at: Date.now() })
  }
}

import type { SendMessage } from '../index.js'
import { Engine } from './engine.js'
import { randomKey } from './identity.js'
import { makeMove } from './moves.js'
import { settingsOf } from './settings.js'
import type { ChatStore, SendBody, StoreOptions } from './types.js'
import { TypingNotes } from './typing-notes.js'

/**
 * The state of a user's chat. It reads and connects from `start` on; until then what is sent waits. A store is of one user:
 * close it when the user leaves, and make another for the next.
 * @throws TypeError if an option is wrong
 */
export function createStore (options: StoreOptions): ChatStore {
  const engine = new Engine(settingsOf(options))
  const { heads, threads, offers, outbox, reads, retry, lists, intake, view, notifier } = engine
  const typing = new TypingNotes((type, userId) => engine.feed?.tellTyping(type, userId))

  return {
    api: engine.api,
    now: () => engine.now(),
    subscribe: listener => notifier.subscribe(listener),
    getSnapshot: () => view.get(),
    start: () => { engine.start() },
    close: () => engine.end(),
    reconnect: () => engine.feed?.reconnect(),
    loadConversations: async () => await lists.more(),
    openThread: userId => threads.open(userId),
    loadOlder: async userId => await threads.loadOlder(userId),
    loadNewer: async userId => await threads.loadNewer(userId),

    send (userId, body) {
      const key = randomKey()
      outbox.put(key, userId, messageOf(body, key))
      typing.sent(userId)
      notifier.now()
      return key
    },

    retry (key) {
      outbox.retry(key)
      notifier.now()
    },

    discard (key) {
      outbox.discard(key)
      engine.feed?.note({ type: 'discarded', key })
      notifier.now()
    },

    async respond (offerId, move) {
      const { revision = offers.get(offerId, engine.now())?.revision } = move
      const { round } = lists
      const { offer, error } = await makeMove(engine.api, retry, offerId, { ...move, revision })
      if (offer !== undefined && lists.isRead && lists.round === round) intake.offers([offer])
      else if (offer !== undefined) engine.takeDoubtful(offer)
      notifier.now()
      const current = offers.get(offerId, engine.now()) ?? offer
      if (error !== undefined) return { error, ...current && { offer: current } }
      return { offer: current as NonNullable<typeof current> }
    },

    markRead (userId, seq) {
      const head = heads.get(userId)
      const log = threads.get(userId)?.log
      const to = seq ?? (log?.isBegun ? log.last : head?.seq ?? 0)
      if (to <= (head?.unread.readSeq ?? 0) || (heads.isSure(userId) && head?.unread.count === 0)) return
      head?.unread.read(to)
      reads.mark(userId, to)
      view.touchThread(userId)
      notifier.now()
    },

    typing: userId => typing.start(userId),
    stopTyping: userId => typing.stop(userId),

    mute (userId, muted) {
      engine.setMuted(userId, muted)
      engine.keeper?.keepMuted([...engine.muted])
      engine.feed?.note({ type: 'muted', userId, isMuted: muted })
      notifier.now()
    }
  }
}

function messageOf (body: SendBody, clientId: string): SendMessage {
  return 'pricePerUnit' in body ? { ...body, messageType: 'tradeOffer', clientId } : { text: body.text, clientId }
}

import { randomKey } from '../random-key.js'
import { Engine } from './engine.js'
import type { Draft } from './outbox.js'
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
  const { api, heads, threads, outbox, reads, lists, view, notifier } = engine
  const typing = new TypingNotes((type, userId) => engine.feed?.tellTyping(type, userId))

  return {
    api,
    now: () => engine.now(),
    subscribe: listener => notifier.subscribe(listener),
    getSnapshot: () => view.get(),
    start: () => { engine.start() },
    close: options => engine.end(undefined, options?.forget),
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

    respond: async (offerId, move) => await engine.act(async actions => await actions.respond(offerId, move, randomKey())),

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

    mute: async (userId, muted, until) => (await engine.act(async actions => await actions.mute(userId, muted, until))).error,
    block: async (userId, blocked) => (await engine.act(async actions => await actions.block(userId, blocked))).error
  }
}

function messageOf (body: SendBody, clientId: string): Draft {
  if ('pricePerUnit' in body) return { ...body, messageType: 'tradeOffer', clientId }
  return { text: body.text || undefined, attachments: body.attachments, clientId }
}

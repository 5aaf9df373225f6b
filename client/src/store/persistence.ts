/** What keeps things: loaded by stores that do, once they start. */
import { indexedDbStorage } from './indexed-db.js'
import type { HeadData } from './heads.js'
import type { Intake } from './intake.js'
import { Keeper, type Kept } from './keeper.js'
import type { Outgoing } from './outbox.js'
import type { Retry } from './retry.js'
import { keptMessages, Saver } from './saver.js'
import type { Settings } from './settings.js'
import type { State } from './state.js'
import type { View } from './view.js'

/** A state that is to be kept, and what it takes to show what was. */
export interface Keepable extends State {
  readonly retry: Retry
  readonly view: View
  readonly intake: Intake
}

/**
 * Keeps a user's state from now on, what was to be sent before included, and shows what was kept.
 * @param report is told once what the storage says when it fails
 */
export async function keep (state: Keepable, { storage, baseUrl, pageSize }: Settings, userId: string, report: (cause: unknown) => void): Promise<void> {
  const keeper = new Keeper(storage ?? indexedDbStorage(globalThis.indexedDB), baseUrl, userId, report)
  const saver = new Saver(keeper, state, pageSize)
  let isLoaded = false
  state.keeping = {
    keepOutgoing: entry => keeper.keepOutgoing(entry),
    forgetOutgoing: key => keeper.forgetOutgoing(key),
    note: snapshot => { if (isLoaded) saver.note(snapshot) },
    flush: () => saver.flush(),
    forget: () => {
      isLoaded = false
      saver.stop()
      keeper.clear()
      state.keeping = undefined
    },
    takeLeft: async () => adopt(state, await keeper.outbox()),
    verify: (userId, conversation) => verify(state, userId, conversation)
  }
  // It may have ended before this was loaded.
  if (state.forget) return state.keeping.forget()
  for (const entry of state.outbox.users().flatMap(userId => state.outbox.entriesFor(userId))) if (entry.message === undefined) keeper.keepOutgoing(entry)
  const kept = await keeper.load()
  if (state.retry.isOver) return
  isLoaded = true
  restore(state, kept)
}

function restore (state: Keepable, { list, threads, outbox }: Kept) {
  // What was kept is only good for as long as the server hasn't answered.
  if (state.lists.status === 'idle') {
    for (const conversation of list?.conversations ?? []) state.heads.take(conversation, 0).isKept = true
    for (const offer of [...list?.offers ?? [], ...threads.flatMap(({ offers }) => offers)]) state.offers.restore(offer)
    state.view.touchOffers()
    for (const { userId, messages } of threads) {
      state.threads.of(userId).log.addNewest(messages)
      state.view.touchThread(userId)
    }
  }
  adopt(state, outbox)
}

function verify ({ threads }: Keepable, userId: string, { seq, lastMessage }: HeadData) {
  const thread = threads.get(userId)
  if (thread === undefined || thread.isFresh) return
  const known = thread.log.messages.get(lastMessage.seq)
  // Where as much has come since as was kept, one page doesn't show what of that was erased.
  const isFar = seq - thread.log.last > keptMessages
  if (isFar || thread.log.last > seq || (known !== undefined && known.timestamp !== lastMessage.timestamp)) threads.restart(thread)
}

/** Takes over what is to be sent. */
function adopt ({ retry, outbox, threads, intake }: Keepable, entries: readonly Outgoing[]) {
  if (retry.isOver) return
  for (const entry of entries) {
    outbox.add(entry)
    const known = threads.get(entry.userId)?.log.messages.values() ?? []
    const message = [...known].find(({ clientId }) => clientId === entry.key)
    if (message !== undefined) intake.message(message, entry.userId)
  }
}

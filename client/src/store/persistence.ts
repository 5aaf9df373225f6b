/** What keeps things: loaded by stores that do, once they start. */
import { indexedDbStorage } from './indexed-db.js'
import { Keeper, type Kept } from './keeper.js'
import type { Outgoing } from './outbox.js'
import type { Retry } from './retry.js'
import { Saver } from './saver.js'
import type { Settings } from './settings.js'
import type { State } from './state.js'
import type { View } from './view.js'

/** A state that is to be kept, and what it takes to show what was. */
export interface Keepable extends State {
  readonly retry: Retry
  readonly view: View
  keeper: Keeper | undefined
  saver: Saver | undefined
  setMuted: (userId: string, isMuted: boolean) => void
  adopt: (entries: readonly Outgoing[]) => void
}

/**
 * Keeps a user's state from now on, what was to be sent before included, and shows what was kept.
 * @param report is told once what the storage says when it fails
 */
export async function keep (state: Keepable, { storage, baseUrl, pageSize }: Settings, userId: string, report: (cause: unknown) => void): Promise<void> {
  const keeper = state.keeper = new Keeper(storage ?? indexedDbStorage(globalThis.indexedDB), baseUrl, userId, report)
  for (const entry of state.outbox.users().flatMap(userId => state.outbox.entriesFor(userId))) if (entry.message === undefined) keeper.keepOutgoing(entry)
  const kept = await keeper.load()
  if (state.retry.isOver) return
  state.saver = new Saver(keeper, state, pageSize)
  restore(state, kept)
  // What was muted meanwhile.
  if (state.muted.size > kept.muted.length) keeper.keepMuted([...state.muted])
}

function restore (state: Keepable, { list, threads, outbox, muted }: Kept) {
  for (const userId of muted) state.setMuted(userId, true)
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
  state.adopt(outbox)
}

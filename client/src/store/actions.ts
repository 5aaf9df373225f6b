/** What users do now and then: loaded once a store is live, or with the first of it. */
import type { Call } from '../caller.js'
import type { ApiClient, ChatError, RespondTrade, TradeOffer } from '../index.js'
import type { Feed } from './feed.js'
import type { Marks } from './heads.js'
import type { Intake } from './intake.js'
import type { Lists } from './lists.js'
import type { Notifier } from './notifier.js'
import type { Retry } from './retry.js'
import type { State } from './state.js'
import type { ChatSnapshot, MoveResult } from './types.js'
import type { View } from './view.js'

/** How often a call is tried that doesn't get through or whose fate isn't known, and how long after one try at most, in ms: somebody waits to be told. */
const attempts = 3
const patience = 2000

/** A state that is acted on, and what it takes. */
export interface Acting extends State {
  readonly api: ApiClient
  readonly call: Call
  readonly feed: Feed | undefined
  readonly intake: Intake
  readonly lists: Lists
  readonly notifier: Notifier<ChatSnapshot>
  readonly retry: Retry
  readonly view: View
  takeDoubtful: (offer: TradeOffer) => void
  refused: (userId: string, error: ChatError) => void
}

interface Marked {
  error?: ChatError | undefined
}

export interface Actions {
  /** Makes a move in a negotiation, once however often it is tried. @param key by which it is known to be the same */
  respond: (offerId: string, move: RespondTrade, key: string) => Promise<MoveResult>
  /** @param until RFC 3339; by default without end */
  mute: (userId: string, muted: boolean, until?: string) => Promise<Marked>
  block: (userId: string, blocked: boolean) => Promise<Marked>
}

export function createActions (engine: Acting): Actions {
  const { api, call, heads, intake, lists, notifier, offers, retry, view } = engine
  /** By user, what the server is being told. */
  const telling = new Map<string, Promise<Marked>>()

  async function attempt<Outcome extends { error?: ChatError | undefined }> (tell: () => Promise<Outcome>): Promise<Outcome> {
    for (let left = attempts; ; left--) {
      const outcome = await tell()
      const { retryable = false, retryAfter = patience / 2 ** left }: Partial<ChatError> = outcome.error ?? {}
      if (!retryable || left === 1 || retryAfter > patience || retry.isOver) return outcome
      await retry.pause(retryAfter, true)
    }
  }

  function show (userId: string) {
    view.touchThread(userId)
    notifier.now()
  }

  /**
   * Sets what the user wants of another: shown at once, told the server in the order in which it was set, and undone if it refuses.
   * @param kind under which path it is kept
   * @param isOn whether it is to be there, with a body if it has one
   */
  async function mark (userId: string, marks: Partial<Marks>, kind: 'blocks' | 'mutes', isOn: boolean, body?: object): Promise<Marked> {
    const before = heads.mark(userId, marks, Infinity)
    show(userId)
    const last = telling.get(userId)
    const mine = (async () => {
      await last
      return await attempt(async () => await call(isOn ? 'PUT' : 'DELETE', `/api/me/${kind}/{userId}`, { params: { path: { userId } }, body }))
    })()
    telling.set(userId, mine)
    const { error } = await mine
    if (telling.get(userId) === mine) {
      telling.delete(userId)
      heads.mark(userId, error === undefined ? marks : before, heads.tick())
    }
    show(userId)
    // What the server says from now on holds, here and in other tabs.
    lists.ask(userId)
    engine.feed?.note({ type: 'marked', userId })
    return { error }
  }

  return {
    async respond (offerId, move, key) {
      const { revision = offers.get(offerId, engine.now())?.revision } = move
      const { round } = lists
      const { data, error } = await attempt(async () => await api.POST('/api/messages/trades/{messageId}/respond', {
        params: { path: { messageId: offerId }, header: { 'idempotency-key': key } }, body: { ...move, revision, clientId: key }
      }))
      const offer = data ?? error?.offer
      if (offer !== undefined && lists.isRead && lists.round === round) intake.offers([offer])
      else if (offer !== undefined) engine.takeDoubtful(offer)
      const current = offers.get(offerId, engine.now())
      if (error !== undefined && current !== undefined) engine.refused(current.senderId === engine.me ? current.receiverId : current.senderId, error)
      notifier.now()
      return { ...current && { offer: current }, ...error && { error } } as MoveResult
    },

    mute: async (userId, muted, until) => await mark(userId, { muted, mutedUntil: until ?? null }, 'mutes', muted, muted ? { until } : undefined),
    block: async (userId, blocked) => await mark(userId, { blocked }, 'blocks', blocked)
  }
}

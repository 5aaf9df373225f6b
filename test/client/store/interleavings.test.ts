import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { ModelBrowser, type Mishap, type ModelTab } from './model-browser.js'
import { modelFile, ModelServer } from './model-server.js'
import { ModelTime } from './model-time.js'
import { Wire } from './model-wire.js'

const me = 'ann'
const others = ['bob', 'cat', 'dan']
/** How what a user sends may be refused. */
const refusals = ['blocked', 'contact_not_allowed', 'reply_awaited', 'contact_limit', 'suspended']
/** How far the server's clock is ahead, in ms. */
const ahead = 3_600_000

/** What can happen, as often as it stands here. */
const kinds = [
  'deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'wait', 'wait',
  'hear', 'hear', 'hear', 'send', 'send', 'sendFiles', 'sendOffer', 'hearOffer', 'hearOffer', 'hearMove', 'hearMove', 'hearMove', 'hearMove', 'respond', 'respond',
  'retry', 'discard', 'markRead', 'markRead', 'markPartRead', 'hearRead', 'presence', 'toggle', 'toggle', 'toggle', 'older', 'older', 'newer', 'more',
  'cut', 'cut', 'down', 'up', 'mishap', 'mishap', 'twice', 'reload', 'reload', 'closeTab', 'openTab', 'forgetCursors', 'burst', 'otherProgram',
  'mute', 'muteFor', 'muteElsewhere', 'block', 'block', 'unblock', 'unblock', 'blockElsewhere', 'blockedBy', 'blockedBy', 'unblockedBy', 'unblockedBy', 'suspend', 'limit'
] as const

const steps = fc.array(fc.record({ kind: fc.constantFrom(...kinds), one: fc.nat(1000), other: fc.nat(1000) }), { minLength: 10, maxLength: 120, size: 'max' })
type Step = typeof steps extends fc.Arbitrary<Array<infer Item>> ? Item : never

/** Two browsers of a user, one of them with two tabs, and the server that they share with others. */
class Run {
  readonly wire = new Wire()
  #stale = 0
  readonly server = new ModelServer(() => Date.now() + ahead, () => this.#stale++ % 3)
  readonly browsers = [new ModelBrowser(this.wire, this.server, me), new ModelBrowser(this.wire, this.server, me)] as const
  #texts = 0

  constructor (private readonly time: ModelTime) {
    for (const other of others) this.#start(other)
    for (const browser of [this.browsers[0], this.browsers[0], this.browsers[1]]) browser.open().store.start()
  }

  // One knows the user, one has only written, one was never heard of.
  #start (other: string) {
    if (other === 'dan') return
    for (let n = 0; n < 12; n++) this.server.say(other, me, this.#text())
    if (other === 'bob') this.server.say(me, other, this.#text())
  }

  #text (): string {
    return `text ${++this.#texts}`
  }

  get tabs (): ModelTab[] {
    return this.browsers.flatMap(({ tabs }) => tabs)
  }

  async take ({ kind, one, other }: Step): Promise<void> {
    const tab = this.tabs[one % this.tabs.length] as ModelTab
    const browser = this.browsers.find(({ tabs }) => tabs.includes(tab)) as ModelBrowser
    const user = others[other % others.length] as string
    const { server, wire } = this
    const { store } = tab
    const { isOpen } = server.standing(me, user)
    const offers = server.offersOf(me)
    const offer = offers[other % (offers.length || 1)]
    const terms = () => ({
      pricePerUnit: 1 + one,
      totalAmount: 2,
      startTime: new Date(Date.now() + 2 * ahead).toISOString(),
      ...one % 3 === 0 && { expiresAt: new Date(Date.now() + ahead + 100 + one).toISOString() }
    })
    switch (kind) {
      case 'deliver': wire.deliver(one); break
      case 'wait': this.time.pass(1 + one % 50); break
      case 'hear': if (isOpen) server.say(user, me, this.#text()); break
      case 'burst': if (isOpen) for (let n = 0; n < one % 120; n++) server.say(user, me, this.#text()); break
      case 'otherProgram': if (isOpen) server.say(me, user, this.#text(), String(one % 2)); break
      case 'send': tab.sent.set(store.send(user, { text: this.#text() }), user); break
      case 'sendFiles': tab.sent.set(store.send(user, { text: this.#text(), attachments: Array.from({ length: 1 + one % 4 }, () => modelFile(this.#text())) }), user); break
      case 'sendOffer': tab.sent.set(store.send(user, terms()), user); break
      case 'hearOffer': if (isOpen) server.open(user, me, terms()); break
      case 'hearMove':
        if (offer !== undefined) {
          const party = offer.senderId === me ? offer.receiverId : offer.senderId
          const counter = { price: 5 + one, amount: 1, currency: 'EUR', startAt: Date.now() + 2 * ahead, expiresAt: Date.now() + 2 * ahead }
          const { revision, currentProposal: { proposedBy } } = offer
          const action = proposedBy === party ? 'withdraw' : (['accept', 'reject'] as const)[one % 4]
          if (action === 'withdraw' || action === 'reject' || server.standing(me, party).isOpen) {
            server.respond(party, offer.messageId, action === undefined ? { action: 'counter', revision, terms: counter } : { action, revision })
          }
        }
        break
      case 'respond':
        if (offer !== undefined) {
          const known = store.getSnapshot().offers[offer.messageId] ?? offer
          const response = known.currentProposal.proposedBy === me ? 'withdraw' : (['accept', 'reject'] as const)[one % 4]
          store.respond(offer.messageId, response === undefined ? { response: 'counter', pricePerUnit: 2 + one } : { response })
        }
        break
      case 'retry': for (const key of tab.sent.keys()) store.retry(key); break
      case 'discard': {
        const entry = Object.values(store.getSnapshot().threads).flatMap(({ entries }) => entries).find(({ state }) => state === 'queued')
        if (entry !== undefined) {
          for (const { sent } of browser.tabs) sent.delete(entry.key)
          store.discard(entry.key)
        }
        break
      }
      case 'markRead': store.markRead(user); break
      case 'markPartRead': store.markRead(user, 1 + one % (server.log(me, user).length || 1)); break
      case 'hearRead': server.markRead(user, me, 1 + one % (server.log(me, user).length || 1)); break
      case 'presence': server.setOnline(user, one % 2 === 0); break
      case 'toggle': tab.toggle(user); break
      case 'older': store.loadOlder(user); break
      case 'newer': store.loadNewer(user); break
      case 'more': store.loadConversations(); break
      case 'mute': store.mute(user, one % 2 === 0); break
      case 'muteFor': store.mute(user, true, new Date(Date.now() + 2 * ahead + one).toISOString()); break
      case 'muteElsewhere': server.mark(me, user, { muted: one % 2 === 0, mutedUntil: undefined, by: undefined }); break
      case 'block': store.block(user, true); break
      case 'unblock': store.block(user, false); break
      case 'blockElsewhere': server.mark(me, user, { blocked: one % 2 === 0, by: undefined }); break
      case 'blockedBy': server.mark(user, me, { blocked: true }); break
      case 'unblockedBy': server.mark(user, me, { blocked: false }); break
      case 'suspend': server.isSuspended = one % 3 === 0; break
      case 'limit': server.isLimited = one % 2 === 0; break
      case 'cut': browser.cut(); break
      case 'down': browser.isDown = true; browser.cut(); break
      case 'up': browser.isDown = false; break
      case 'mishap': browser.mishaps.push((['loseRequest', 'loseAnswer', 'loseAnswer', 'busy', 'limited'] satisfies Mishap[])[one % 5] as Mishap); break
      case 'twice': server.times = 2; break
      case 'reload': this.#reload(browser, tab); break
      case 'openTab': if (browser.tabs.length < 3) browser.open().store.start(); break
      case 'closeTab': if (browser.tabs.length > 1) this.#close(browser, tab); break
      case 'forgetCursors': if (one % 4 === 0) server.forgetCursors(); break
    }
    if (kind === 'reload' || kind === 'openTab') await this.loaded()
    await this.settle()
  }

  /** Waits, in real time, until stores that were started have loaded what they load later. */
  async loaded (): Promise<void> {
    await import('../../../client/src/store/actions.js')
    await import('../../../client/src/store/persistence.js')
  }

  #close (browser: ModelBrowser, tab: ModelTab) {
    tab.store.close()
    browser.tabs.splice(browser.tabs.indexOf(tab), 1)
  }

  #reload (browser: ModelBrowser, tab: ModelTab) {
    this.#close(browser, tab)
    const next = browser.open()
    next.store.start()
    for (const userId of tab.open.keys()) next.toggle(userId)
  }

  /** Lets all that doesn't wait for time or the wire happen, and looks at what is shown. */
  async settle (): Promise<void> {
    this.time.pass(1)
    await turn()
    for (const tab of this.tabs) tab.look()
    const faults = this.tabs.flatMap(({ faults }) => faults)
    if (faults.length > 0) throw new Error(faults.join('\n'))
  }

  /** Lets everything come to rest: the network is there, and time passes. */
  async rest (): Promise<void> {
    for (const browser of this.browsers) {
      browser.isDown = false
      browser.mishaps.length = 0
    }
    for (let quiet = 0, left = 20_000; quiet < 8; left--) {
      if (left === 0) throw new Error(`It never comes to rest: ${this.browsers.flatMap(({ asked }) => asked).join(', ')}`)
      // What is loaded is there before it counts as rest.
      if (quiet === 0 && this.wire.isQuiet) await this.loaded()
      quiet = this.wire.isQuiet ? quiet + 1 : 0
      if (this.wire.isQuiet) this.time.pass(500)
      else this.wire.deliver(0)
      await this.settle()
    }
  }

  /** What a store shows that isn't as on the server. */
  async check (): Promise<void> {
    const { server } = this
    for (const tab of this.tabs) {
      for (const userId of others) if (!tab.open.has(userId)) tab.toggle(userId)
      for (let left = 3; left > 0; left--) tab.store.loadConversations()
    }
    await this.rest()
    for (const tab of this.tabs) this.#checkSnapshot(tab.store.getSnapshot(), tab)
    if (!others.some(userId => server.standing(me, userId).by !== undefined || server.standing(me, userId).wasBlocked)) return
    // What was set elsewhere is known as soon as everything is read again.
    server.forgetCursors()
    await this.rest()
    for (const tab of this.tabs) this.#checkSnapshot(tab.store.getSnapshot())
  }

  /** @param asker whose own marks are there by now; all are if it is left out */
  #checkSnapshot ({ connection, conversations, threads, offers }: ReturnType<ModelTab['store']['getSnapshot']>, asker?: ModelTab) {
    const { server } = this
    const all = [...conversations.items, ...conversations.requests]
    same('the connection', connection.status, 'live')
    const expected = server.conversations(me).map(conversation => [conversation.otherUser.userId, conversation] as const)
    same('the users', all.map(({ userId }) => userId).sort(), expected.map(([userId]) => userId).sort())
    for (const [userId, { conversationId, otherUser: { online, lastSeenAt, ...otherUser }, otherLastReadSeq, blocked, muted, mutedUntil, ...conversation }] of expected) {
      const { isTyping, yourMove, userId: id, isMuted, mutedUntil: until = null, isBlocked, otherLastReadSeq: position, user: { online: isOnline, lastSeenAt: at, ...user }, ...item } =
        all.find(item => item.userId === userId) as typeof conversations.items[number]
      const { wasBlocked, by } = server.standing(me, userId)
      same(`the conversation with ${id}`, { ...item, user }, { ...conversation, user: otherUser })
      // What they see of each other isn't told when a block begins or ends.
      if (asker === undefined || !wasBlocked) same(`what is seen of ${id}`, [isOnline, at, position], [online, lastSeenAt, otherLastReadSeq])
      if (asker === undefined || by === asker) {
        same(`the marks of ${id}`, [isBlocked, isMuted, until], [blocked, muted, mutedUntil])
        same(`where ${id} is`, conversations.requests.some(item => item.userId === userId), item.contact === 'requested' && !blocked)
      }
      same(`the moves with ${id}`, yourMove, server.offersOf(me).filter(({ awaiting, senderId, receiverId }) => awaiting === me && [senderId, receiverId].includes(userId)).length)
    }
    same('the moves', conversations.yourMove, server.offersOf(me).filter(({ awaiting }) => awaiting === me).length)
    for (const userId of others) {
      const log = server.log(me, userId)
      const thread = threads[userId]
      same(`the state of the thread with ${userId}`, [thread?.status, thread?.hasNewer], ['ready', false])
      const { refusals: known, blocked } = server.standing(me, userId)
      // Of somebody with whom there is no conversation it is only known by trying.
      if (asker === undefined && log.length > 0) same(`whether ${userId} is blocked`, thread?.refusal === 'blocked', blocked)
      const code = thread?.refusal?.replace('not', 'contact_not').replace('-', '_') ?? 'blocked'
      if (code !== 'blocked' && !known.has(`${me} ${code}`)) throw new Error(`nothing can be sent to ${userId} for another reason than ${code}`)
      const failed = thread?.entries.filter(({ state }) => state === 'failed') ?? []
      for (const { error, key } of failed) {
        if (error === undefined || !refusals.includes(error.code)) throw new Error(`${key} has failed without being refused: ${error?.code}`)
      }
      const messages = thread?.entries.flatMap(({ message, state }) => state === 'failed' ? [] : [message]) ?? []
      // What another tab sent before it was closed, and that is further back than what is shown, isn't known of.
      const lost = log.slice(log.length - messages.length).find(({ clientId }) => failed.some(({ key }) => key === clientId))
      if (lost !== undefined) throw new Error(`${lost.clientId} has failed, and is there`)
      same(`the thread with ${userId}`, messages, log.slice(log.length - messages.length))
      same(`whether the thread with ${userId} has more`, thread?.hasOlder, messages.length < log.length)
      if (log.length > 0 && messages.length === 0) throw new Error(`the thread with ${userId} is empty`)
    }
    for (const offer of Object.values(offers)) same('an offer', offer, server.offer(offer.messageId))
  }

  close (): void {
    for (const { store } of this.tabs) store.close()
  }
}

function same (what: string, found: unknown, wanted: unknown) {
  const [one, other] = [found, wanted].map(value => JSON.stringify(value, sorted))
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`)
}

/** For comparing what is written: properties in order. */
function sorted (_key: string, value: unknown): unknown {
  return value === null || typeof value !== 'object' || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
}

t.test('whatever happens in whatever order, nothing is shown twice, and in the end all is as on the server', async () => {
  await fc.assert(fc.asyncProperty(steps, fc.integer(), async (steps, seed) => {
    const time = new ModelTime()
    time.start(seed)
    try {
      const run = new Run(time)
      await run.loaded()
      for (const step of steps) await run.take(step)
      await run.check()
      run.close()
      await turn()
    } finally {
      time.stop()
    }
    // Making an example smaller takes thousands of runs: with the seed and the path that are reported, by whoever looks into it.
  }), { numRuns: 100, includeErrorInReport: true, endOnFailure: true })
})

import { isDeepStrictEqual } from 'node:util'
import { createStore, memoryStorage, type ChatSnapshot, type ChatStore } from '../../../client/src/store/index.js'
import type { ModelServer } from './model-server.js'
import { modelChannels, modelLocks, ModelSocket, type Wire } from './model-wire.js'

/** What the network does to the next request. */
export type Mishap = 'loseRequest' | 'loseAnswer' | 'busy' | 'limited'

/** A browser of a model, with tabs of a user's store that share what a browser's tabs share. */
export class ModelBrowser {
  readonly #storage = memoryStorage()
  readonly #locks = modelLocks()
  readonly #channel
  readonly #sockets = new Set<ModelSocket>()
  readonly tabs: ModelTab[] = []
  isDown = false
  readonly mishaps: Mishap[] = []
  /** The last requests. */
  asked: string[] = []

  constructor (readonly wire: Wire, readonly server: ModelServer, readonly userId: string) {
    this.#channel = modelChannels(wire)
  }

  /** A new tab, whose store isn't started. */
  open (): ModelTab {
    const { wire, server } = this
    const sockets = this.#sockets
    const isReachable = () => !this.isDown
    const store = createStore({
      baseUrl: 'http://model.example',
      token: this.userId,
      userId: this.userId,
      persist: true,
      storage: this.#storage,
      locks: this.#locks,
      BroadcastChannel: this.#channel,
      pageSize: 5,
      timeout: 60_000,
      backoff: { base: 2, cap: 20 },
      fetch: async (input, init) => await this.#fetch(tab, String(input), init),
      WebSocket: class extends ModelSocket {
        constructor () {
          super(wire, isReachable)
          sockets.add(this)
          server.connect(this)
        }
      }
    })
    const tab: ModelTab = new ModelTab(store, (to, key) => server.log(this.userId, to).find(({ clientId }) => clientId === key)?.seq)
    this.tabs.push(tab)
    return tab
  }

  /** All connections break. */
  cut (): void {
    for (const socket of this.#sockets) socket.cut()
    this.#sockets.clear()
  }

  async #fetch (tab: ModelTab, input: string, { method = 'GET', body, headers, signal }: RequestInit = {}): Promise<Response> {
    const { wire } = this
    const lane = wire.newLane('request')
    this.asked = [...this.asked.slice(-9), `${method} ${input}`]
    const mishap = this.mishaps.shift()
    return await new Promise<Response>((resolve, reject) => {
      const fail = () => reject(new TypeError('The network failed'))
      const answer = ({ status, body, headers = {} }: { status: number, body: object, headers?: Record<string, string> }) => wire.put(lane, () => {
        if (this.isDown || mishap === 'loseAnswer') fail()
        else resolve(new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { ...headers, 'content-type': 'application/json' } }))
      })
      signal?.addEventListener('abort', fail)
      wire.put(lane, () => {
        if (this.isDown || mishap === 'loseRequest') return fail()
        if (mishap === 'busy') return answer({ status: 503, body: { code: 'conversation_busy', title: 'Busy', status: 503, type: 'urn' }, headers: { 'retry-after': '0' } })
        if (mishap === 'limited') return answer({ status: 429, body: { code: 'rate_limited', title: 'Slow', status: 429, type: 'urn' }, headers: { 'retry-after': '1' } })
        const json = typeof body === 'string' ? JSON.parse(body) as Record<string, unknown> : undefined
        answer(this.server.answer(this.userId, method, new URL(input), json, new Headers(headers).get('idempotency-key'), tab))
      })
    })
  }
}

/** A store, and what its user sees: every snapshot that is told is looked at. */
export class ModelTab {
  /** Messages by key and the other way round: neither ever changes. */
  readonly #messageOf = new Map<string, string>()
  readonly #keyOf = new Map<string, string>()
  /** What files an entry has: from the first moment those that it will always have. */
  readonly #filesOf = new Map<string, string>()
  /** What was sent here, and to whom, and isn't given up. */
  readonly sent = new Map<string, string>()
  /** What is wrong with what was shown. */
  readonly faults: string[] = []
  readonly open = new Map<string, () => void>()
  #before: ChatSnapshot | undefined
  told = 0

  /** @param placeOf where what was sent to a user stands on the server */
  constructor (readonly store: ChatStore, private readonly placeOf: (userId: string, key: string) => number | undefined) {
    store.subscribe(() => {
      this.told++
      this.look()
    })
  }

  /** Looks at what is shown. */
  look (): void {
    const snapshot = this.store.getSnapshot()
    for (const [userId, thread] of Object.entries(snapshot.threads)) this.#lookAt(userId, thread)
    if (this.#before !== undefined) this.#compare('', this.#before, snapshot)
    this.#before = snapshot
  }

  toggle (userId: string): void {
    const close = this.open.get(userId)
    if (close === undefined) this.open.set(userId, this.store.openThread(userId))
    else {
      close()
      this.open.delete(userId)
    }
  }

  #lookAt (userId: string, { entries, status }: ChatSnapshot['threads'][string]) {
    let last = 0
    const keys = new Set<string>()
    const texts = new Set<string>()
    for (const { key, message, state } of entries) {
      if (keys.has(key)) this.faults.push(`The key ${key} is shown twice`)
      keys.add(key)
      const files = JSON.stringify('attachments' in message ? message.attachments : [])
      if ((this.#filesOf.get(key) ?? files) !== files) this.faults.push(`The files of ${key} become ${files}`)
      this.#filesOf.set(key, files)
      if (message.messageType === 'text') {
        if (texts.has(message.text)) this.faults.push(`${message.text} is shown twice`)
        texts.add(message.text)
      }
      if (message.seq === undefined) {
        if (state === 'delivered' || state === 'read') this.faults.push(`${key} is ${state} without a place`)
        continue
      }
      if (message.seq <= last) this.faults.push(`${message.seq} comes after ${last}`)
      last = message.seq
      const place = `${userId} ${key}`
      if ((this.#messageOf.get(place) ?? message.messageId) !== message.messageId) this.faults.push(`The key ${key} names another message`)
      if ((this.#keyOf.get(message.messageId) ?? key) !== key) this.faults.push(`The message ${message.messageId} has another key`)
      this.#messageOf.set(place, message.messageId)
      this.#keyOf.set(message.messageId, key)
    }
    for (const [key, to] of this.sent) {
      if (to !== userId || status !== 'ready' || keys.has(key)) continue
      // A thread that was far behind shows its end only.
      const first = entries.find(({ message }) => message.seq !== undefined)?.message.seq ?? 0
      if ((this.placeOf(userId, key) ?? Infinity) >= first) this.faults.push(`${key} has vanished`)
    }
  }

  /** What is equal to what was there before is the same. */
  #compare (place: string, before: unknown, after: unknown) {
    if (before === after || typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return
    if (isDeepStrictEqual(before, after)) this.faults.push(`${place} is new without being another`)
    else if (Array.isArray(after)) for (const item of after) this.#compare(`${place}/item`, (before as unknown[]).find(other => nameOf(other) === nameOf(item)), item)
    else for (const [name, value] of Object.entries(after)) this.#compare(`${place}/${name}`, (before as Record<string, unknown>)[name], value)
  }
}

/** What names an item of a list. */
function nameOf (item: unknown): string | undefined {
  const { key, userId } = item as { key?: string, userId?: string }
  return key ?? userId
}

import { WebSocket } from 'ws'
import { LiveClient, type Message } from '../../client/src/index.js'
import type { Receiver } from './deliveries.js'

/** The client that the package exports, on one instance: it must tell each message once, whatever happens to the instance. */
export class ProductClient implements Receiver {
  readonly seen = new Map<string, number[]>()
  duplicates = 0
  reconnects = -1
  readonly #live: LiveClient

  constructor (readonly userId: string, token: string, baseUrl: string, transport: 'auto' | 'eventStream') {
    this.#live = new LiveClient({ baseUrl, token, transport, WebSocket, backoff: { base: 50, cap: 500 } })
    this.#live.on('newMessage', message => this.#take(message))
    this.#live.on('tradeResponse', ({ message }) => this.#take(message))
    this.#live.on('state', ({ status }) => { if (status === 'connecting') this.reconnects++ })
  }

  async connect (): Promise<void> {
    const { status, error } = await this.#live.connect()
    if (status !== 'live') throw new Error(`The package's client is ${status}: ${error?.code}`)
  }

  async stop (): Promise<void> {
    this.#live.close()
  }

  #take ({ conversationId, seq }: Message) {
    const seen = this.seen.get(conversationId) ?? []
    this.seen.set(conversationId, seen)
    if (seen.includes(seq)) this.duplicates++
    else seen.push(seq)
  }
}

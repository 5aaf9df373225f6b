import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Receiver } from './deliveries.js'

interface Frame {
  type: string
  cursor?: string
  data?: { cursor?: string, conversationId?: string, seq?: number, message?: { conversationId: string, seq: number } }
}

/**
 * A client as the documents tell how to write one: it keeps the last cursor, reconnects to any instance after a random
 * pause, resumes, and leaves out what it has. It counts what it saw.
 */
export class LiveClient implements Receiver {
  readonly seen = new Map<string, number[]>()
  duplicates = 0
  reconnects = -1
  #cursor: string | undefined
  #stopped = false
  #cut: () => void = () => {}
  readonly #running: Promise<void>

  /** @param urls of the instances */
  constructor (readonly userId: string, token: string, urls: string[], kind: 'ws' | 'sse') {
    const headers = { authorization: `Bearer ${token}` }
    this.#running = this.#run(async () => {
      const url = urls[Math.floor(Math.random() * urls.length)] as string
      await (kind === 'ws' ? this.#webSocket(url, headers) : this.#eventStream(url, headers))
    })
  }

  get isConnected (): boolean {
    return this.#cursor !== undefined
  }

  /** Breaks the connection without a word. */
  cut (): void {
    this.#cut()
  }

  async stop (): Promise<void> {
    this.#stopped = true
    this.#cut()
    await this.#running
  }

  get #since (): Record<string, string> {
    return this.#cursor === undefined ? {} : { 'last-event-id': this.#cursor }
  }

  async #run (connect: () => Promise<void>) {
    while (!this.#stopped) {
      this.reconnects++
      await connect().catch(() => {})
      await sleep(20 + Math.random() * 300)
    }
  }

  async #webSocket (url: string, headers: Record<string, string>) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws`, { headers: { ...headers, ...this.#since } })
    this.#cut = () => socket.terminate()
    socket.on('error', () => {})
    socket.on('message', data => this.#take(JSON.parse(String(data)) as Frame))
    await new Promise(resolve => socket.once('close', resolve))
  }

  async #eventStream (url: string, headers: Record<string, string>) {
    const abort = new AbortController()
    this.#cut = () => abort.abort()
    const response = await fetch(`${url}/api/events`, { headers: { ...headers, ...this.#since }, signal: abort.signal })
    if (response.body === null || !response.ok) throw new Error(`${response.status}`)
    let text = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const { event, id, data } = Object.fromEntries(text.slice(0, end).split('\n').map(line => line.split(/: (.*)/s)))
        text = text.slice(end + 2)
        if (event !== undefined) this.#take({ type: event, cursor: id, data: JSON.parse(data) })
      }
    }
  }

  #take ({ type, cursor, data }: Frame) {
    if (type === 'connected') this.#cursor ??= data?.cursor
    if (type === 'resumed') this.#cursor = data?.cursor
    const message = data?.message ?? data
    if ((type !== 'newMessage' && type !== 'tradeResponse') || message?.conversationId === undefined || message.seq === undefined) return
    this.#cursor = cursor
    const seen = this.seen.get(message.conversationId) ?? []
    this.seen.set(message.conversationId, seen)
    if (seen.includes(message.seq)) this.duplicates++
    else seen.push(message.seq)
  }
}

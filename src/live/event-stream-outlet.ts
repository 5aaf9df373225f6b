import type { PassThrough } from 'node:stream'
import type { Identity } from '../auth/identity.js'
import { closeCodes, type CloseReason } from '../wire/close-codes.js'
import { closeTimeout } from './websocket-outlet.js'
import type { HubLimits } from '../hub/limits.js'
import { encodeData, toServerSentEvent } from '../wire/encoder.js'
import { droppable, type EncodedEvent } from '../wire/encoded-event.js'
import type { Client, OwnFrame } from './joining.js'
import type { EndReason } from '../hub/tally.js'

/** How soon a client reconnects when the stream has ended, in milliseconds. */
const retry = 1000

/** One stream of Server-Sent Events (WHATWG HTML section 9.2). It ends before its host would cut it. */
export class EventStreamOutlet implements Client {
  readonly transport = 'sse'
  readonly #openedAt = performance.now()
  #beatAt = this.#openedAt
  #endReason: EndReason | undefined

  constructor (
    private readonly stream: PassThrough, public identity: Identity | undefined, private readonly limits: HubLimits, private readonly maxDuration: number
  ) {
    stream.write(`retry: ${retry}\n\n`)
  }

  get isOpen (): boolean {
    return this.stream.writable
  }

  /** How many bytes wait; what the client's connection took is not among them. */
  get waiting (): number {
    return this.stream.writableLength + this.stream.readableLength
  }

  get endReason (): EndReason {
    return this.#endReason ?? 'client'
  }

  tell ({ type, data }: OwnFrame): void {
    this.sendEvent({ type, data: encodeData(type, data) }, data.cursor)
  }

  sendEvent (event: EncodedEvent, cursor?: string): boolean {
    if (!this.isOpen) return false
    if (this.waiting > this.limits.hardQueue) {
      this.close('slow_consumer')
      return false
    }
    if (this.waiting > this.limits.softQueue && droppable.has(event.type)) return false
    this.stream.write(toServerSentEvent(event, cursor))
    return true
  }

  async flushed (): Promise<void> {
    while (this.isOpen && this.waiting > this.limits.softQueue) await new Promise(resolve => setTimeout(resolve, 10))
  }

  /** Ends the stream and says why; a client that doesn't read is cut. */
  close (reason: CloseReason): void {
    if (reason === 'slow_consumer') return this.cut(reason)
    this.#endReason ??= reason
    const { code } = closeCodes[reason]
    if (this.isOpen) this.stream.write(toServerSentEvent({ type: 'closed', data: JSON.stringify({ code, reason }) }))
    this.#end()
  }

  /** Ends the stream at once, without what waits to be sent. */
  cut (reason: CloseReason): void {
    this.#endReason ??= reason
    this.stream.destroy()
  }

  tick (): void {
    const now = performance.now()
    if (this.identity !== undefined && this.identity.expiresAt <= Date.now()) return this.close('token_expired')
    if (now - this.#openedAt >= this.maxDuration) {
      this.#endReason ??= 'stream_limit'
      return this.#end()
    }
    if (!this.isOpen || now - this.#beatAt < this.limits.heartbeat) return
    this.#beatAt = now
    this.stream.write(': heartbeat\n\n')
  }

  #end () {
    if (!this.isOpen) return
    this.stream.end()
    const cut = setTimeout(() => this.stream.destroy(), closeTimeout)
    this.stream.once('close', () => clearTimeout(cut))
  }
}

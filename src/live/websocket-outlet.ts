import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { ServerFrame } from '../../schemas/events.js'
import type { Identity } from '../auth/identity.js'
import { closeCodes, type CloseReason } from '../wire/close-codes.js'
import type { HubLimits } from '../hub/limits.js'
import { encodeFrame, toFrame } from '../wire/encoder.js'
import { droppable, type EncodedEvent } from '../wire/encoded-event.js'
import type { Client } from './joining.js'
import type { EndReason } from '../hub/tally.js'

/** How long a closing handshake may take before the socket is cut, in milliseconds. */
export const closeTimeout = 2000

/** What ws finds wrong with a client's frames and closes the connection for, where it isn't a plain protocol error. */
const frameFaults: Record<string, EndReason> = {
  WS_ERR_INVALID_UTF8: 'invalid_text',
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'frame_too_large'
}

// A clock that is never set back or forward. Whole milliseconds take no memory of their own.
const clock = () => Math.trunc(performance.now())

/** One WebSocket and what the hub knows of it. */
export class WebSocketOutlet implements Client {
  readonly transport = 'websocket'
  /** Who it belongs to; unset until authenticated. */
  identity: Identity | undefined
  readonly #openedAt = clock()
  #heardAt = this.#openedAt
  #pingedAt = this.#openedAt
  #allowance: number
  #allowanceAt = this.#openedAt
  #refused = 0
  #cut: NodeJS.Timeout | undefined
  #endReason: EndReason | undefined

  /** @param stream what carries the WebSocket */
  constructor (private readonly socket: WebSocket, private readonly stream: Writable, private readonly limits: HubLimits) {
    this.#allowance = limits.frameBurst
  }

  get isOpen (): boolean {
    return this.socket.readyState === this.socket.OPEN
  }

  get waiting (): number {
    return this.stream.writableLength
  }

  get endReason (): EndReason {
    return this.#endReason ?? 'client'
  }

  /** Notes a sign of life. */
  heard (): void {
    this.#heardAt = clock()
  }

  /** Notes a ping or pong of the protocol's own: a sign of life, but no way around the limit of frames. */
  control (): void {
    this.heard()
    this.admit()
  }

  /** Ends a connection that failed. ws is closing it already, with the code that says why (1002, 1007, 1009), where the client's frames are at fault. */
  fail ({ code = '' }: NodeJS.ErrnoException): void {
    this.#endReason ??= frameFaults[code] ?? (code.startsWith('WS_ERR_') ? 'protocol_error' : 'internal_error')
    // Cutting it would lose that code.
    if (this.isOpen) this.socket.close(1011)
  }

  tell (frame: ServerFrame): void {
    this.#send(encodeFrame(frame))
  }

  /**
   * Sends a frame that was encoded once for all who get it: ws would make a header for each of them. Nothing of what ws itself sends is
   * ever half written between two turns, for nothing is compressed.
   * @returns whether it was sent
   */
  #send (frame: Buffer): boolean {
    if (!this.isOpen) return false
    if (this.waiting > this.limits.hardQueue) {
      this.close('slow_consumer')
      return false
    }
    this.stream.write(frame)
    return true
  }

  sendEvent (event: EncodedEvent, cursor?: string): boolean {
    if (droppable.has(event.type) && this.waiting > this.limits.softQueue) return false
    return this.#send(toFrame(event, cursor))
  }

  async flushed (): Promise<void> {
    while (this.isOpen && this.waiting > this.limits.softQueue) await sleep(10)
  }

  /** Closes with the documented code, and cuts the socket if the client doesn't answer or never ends closing it itself. */
  close (reason: CloseReason): void {
    if (this.#cut !== undefined || this.socket.readyState === this.socket.CLOSED) return
    this.#endReason ??= reason
    this.socket.close(closeCodes[reason].code, reason)
    this.#cutSoon()
  }

  /** Cuts the socket unless it is closed by then. */
  #cutSoon () {
    this.#cut ??= setTimeout(() => {
      this.#endReason ??= 'heartbeat_timeout'
      this.socket.terminate()
    }, closeTimeout)
    this.socket.once('close', () => clearTimeout(this.#cut))
  }

  /**
   * Takes one frame from the connection's allowance (a token bucket).
   * @returns whether the frame may be handled; a connection that doesn't slow down is closed
   */
  admit (): boolean {
    const now = clock()
    const { frameBurst, framesPerSecond, refusedFrames } = this.limits
    this.#allowance = Math.min(frameBurst, this.#allowance + (now - this.#allowanceAt) / 1000 * framesPerSecond)
    this.#allowanceAt = now
    // Only a pause wipes the slate: a flood gets a frame through now and then.
    if (this.#allowance === frameBurst) this.#refused = 0
    if (this.#allowance >= 1) {
      this.#allowance--
      return true
    }
    if (++this.#refused > refusedFrames) this.close('flooding')
    return false
  }

  tick (): void {
    const now = clock()
    const { heartbeat, heartbeatGrace, authentication } = this.limits
    // A client that has ended its side but doesn't read ours would stay for ever.
    if (!this.isOpen) return this.#cut === undefined ? this.#cutSoon() : undefined
    if (this.identity === undefined) {
      if (now - this.#openedAt >= authentication) this.close('authentication_timeout')
      return
    }
    if (this.identity.expiresAt <= Date.now()) return this.close('token_expired')
    if (now - this.#heardAt >= heartbeat + heartbeatGrace) return this.close('heartbeat_timeout')
    if (now - this.#pingedAt < heartbeat) return
    this.#pingedAt = now
    this.tell({ type: 'ping', data: { serverTime: new Date().toISOString() } })
    // Clients that don't know the frame answer the protocol's own ping by themselves (RFC 6455 section 5.5.2).
    if (this.isOpen) this.socket.ping()
  }
}

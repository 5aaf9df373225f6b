import type { ClientFrame, ServerFrame } from './frames.js'
import { retryAfter, type Connection, type Ending, type Opening } from './transport.js'

/** As much of a WebSocket as is needed: browsers' own, Node's from 22 on, and that of `ws` have it. */
export interface WebSocketLike {
  send (data: string): void
  close (code?: number): void
  addEventListener (type: 'open' | 'error', listener: () => void): void
  addEventListener (type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener (type: 'close', listener: (event: { code: number, reason: string }) => void): void
}

export type WebSocketConstructor = new (url: string) => WebSocketLike

/** Codes of RFC 6455 after which the same frames would end the same way. */
const finalCodes = new Set([1002, 1007, 1009])
const tokenRefused = 4500

const authId = 'auth'

/** Connects by WebSocket; the token goes in the first frame, because browsers can't set headers. */
export function openWebSocket (WebSocket: WebSocketConstructor, { baseUrl, token, since, onHeard, onFrame }: Opening): Connection {
  const socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/api/ws`)
  const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame))
  const ended = new Promise<Ending>(resolve => {
    socket.addEventListener('open', () => send({ type: 'auth', id: authId, data: { token, since } }))
    // A close event follows.
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', ({ code, reason }) => resolve(endingOf(code, reason)))
    socket.addEventListener('message', ({ data }) => {
      onHeard()
      const frame = JSON.parse(String(data)) as ServerFrame
      if (frame.type === 'error' && frame.id === authId) resolve(refusalOf(frame))
      else onFrame(frame)
    })
  })
  return { name: 'webSocket', ended, send, close: () => socket.close() }
}

function endingOf (code: number, reason: string): Ending {
  const detail = `The WebSocket was closed with ${code}`
  const refused = code === tokenRefused ? 'token' : 'never'
  return { code: reason || `closed_${code}`, detail, retry: isFinal(code) ? refused : 'reconnect' }
}

function isFinal (code: number): boolean {
  return (code >= 4500 && code <= 4999) || finalCodes.has(code)
}

function refusalOf ({ data: { code, detail, retryable } }: Extract<ServerFrame, { type: 'error' }>): Ending {
  return { code, detail, retry: retryAfter(code, retryable) }
}

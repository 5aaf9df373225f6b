import { endingOf } from './close-codes.js'
import { ownError, type ChatError } from './errors.js'
import { readFrame, type ClientFrame } from './frames.js'
import type { Connection, Opening } from './transport.js'

/** As much of a WebSocket as is needed: browsers' own, Node's from 22 on, and that of `ws` have it. */
export interface WebSocketLike {
  send (data: string): void
  close (code?: number): void
  addEventListener (type: 'open' | 'error', listener: () => void): void
  addEventListener (type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener (type: 'close', listener: (event: { code: number, reason: string }) => void): void
}

export type WebSocketConstructor = new (url: string) => WebSocketLike

const authId = 'auth'

/** Connects by WebSocket; the token goes in the first frame, because browsers can't set headers. */
export function openWebSocket (WebSocket: WebSocketConstructor, { baseUrl, token, since, takeOver, locale, onHeard, onFrame }: Opening): Connection {
  let socket: WebSocketLike | undefined
  const send = (frame: ClientFrame) => socket?.send(JSON.stringify(frame))
  const ended = new Promise<ChatError>(resolve => {
    try {
      socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/api/ws`)
    } catch (cause) {
      // Browsers refuse some by throwing, as an unprotected one in a protected page.
      return resolve(ownError('network_unreachable', undefined, { cause }))
    }
    socket.addEventListener('open', () => send({ type: 'auth', id: authId, data: { token, since, locale, ...takeOver && { takeOver } } }))
    // A close event follows.
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', ({ code, reason }) => resolve(endingOf(code, reason)))
    socket.addEventListener('message', ({ data }) => {
      onHeard()
      const read = readFrame(String(data))
      if (read.frame?.type === 'error' && read.frame.id === authId) resolve(read.frame.data)
      else onFrame(read)
    })
  })
  return { name: 'webSocket', ended, send, close: () => socket?.close() }
}

import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { ServerFrame } from '../../schemas/events.js'
import { jwtSecret, listen, testApp, TestSocket, TestUser, type TestAppOptions } from './helper.js'

/** A listening app, and how to get users and sockets of it. */
export async function liveApp (t: Test, options: TestAppOptions = {}) {
  const app = await testApp(t, options)
  const url = await listen(app)
  return {
    app,
    url,
    user: (id: string) => new TestUser(app, id),
    /** Opens several sockets for a user. */
    devices: async (id: string, count: number) => {
      const user = new TestUser(app, id)
      return await Promise.all(Array.from({ length: count }, () => TestSocket.open(t, url, user)))
    },
    open: async (id: string) => await TestSocket.open(t, url, new TestUser(app, id)),
    /** Opens a socket as a browser does, without a header; it is not authenticated. */
    browser: async (headers: Record<string, string> = {}) => {
      const socket = new TestSocket(url, headers)
      t.teardown(() => socket.socket.terminate())
      await once(socket.socket, 'open')
      return socket
    }
  }
}

/** Has nobody announced who comes or goes from now on: what that reads would be among the calls that a test counts. */
export function unannounced (app: FastifyInstance): void {
  for (const change of ['online', 'offline'] as const) app.hub.removeAllListeners(change)
}

/** Signs a token that expires at a time in ms; libraries know whole seconds only. */
export function tokenUntil (sub: string, at: number): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub, exp: at / 1000 })}`
  return `${input}.${createHmac('sha256', jwtSecret).update(input).digest('base64url')}`
}

export const upgradeHeaders = {
  connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': Buffer.alloc(16).toString('base64')
}

/** Asks for an upgrade and returns the response; one that is granted has the status 101 and is cut. */
export async function upgrade (
  url: string, headers: Record<string, string> = {}, path = '/api/ws', granted = (socket: Duplex) => { socket.destroy() }
) {
  return await new Promise<{ status?: number, headers: IncomingHttpHeaders, body: string }>((resolve, reject) => {
    const sent = request(`${url}${path}`, { headers: { ...upgradeHeaders, ...headers }, agent: false })
    sent.on('error', reject)
    sent.on('upgrade', ({ statusCode: status, headers }, socket) => {
      granted(socket)
      resolve({ status, headers, body: '' })
    })
    sent.on('response', response => {
      let body = ''
      response.setEncoding('utf8').on('data', part => { body += part }).on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
    })
    sent.end()
  })
}

/** The bytes of an upgrade request. */
export function upgradeRequest (headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'test', ...upgradeHeaders, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET /api/ws HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** The bytes of a client's text frame (RFC 6455 section 5.2), shorter than 126; the mask is zero. */
export function rawFrame (value: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(value))
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}

/** A bare TCP connection; `text()` is what has come so far. */
export async function rawSocket (t: Test, url: string, options: { allowHalfOpen?: boolean } = {}) {
  const socket: Socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', ...options })
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  let text = ''
  socket.on('data', data => { text += data })
  await once(socket, 'connect')
  return { socket, text: () => text }
}

/** Waits for something that comes about sooner or later. */
export async function until (what: string, holds: () => boolean, patience = 30_000): Promise<void> {
  const end = Date.now() + patience
  while (!holds()) {
    if (Date.now() > end) throw new Error(`It never came about that ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

export const sleep = async (ms: number) => await new Promise<void>(resolve => setTimeout(resolve, ms))

/** What came of a type. */
export function framesOf<Type extends ServerFrame['type']> (socket: TestSocket, type: Type) {
  return socket.received.filter((frame): frame is Extract<ServerFrame, { type: Type }> => frame.type === type)
}

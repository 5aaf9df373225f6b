// The process that makes requests, so that what it costs is not counted with the server. It is told what to ask, and tells how that went.
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { WebSocket } from 'ws'

/** One request; those of a load are made in turn. */
export interface Request {
  method: 'GET' | 'POST'
  path: string
  token?: string
  body?: string
}

export interface Load {
  url: string
  requests: Request[]
  connections: number
  /** Whether to end with the last request, instead of going round. */
  once: boolean
  /** At most, in milliseconds, unless it is told to stop before. */
  duration: number
}

/** How a load went; times in milliseconds. */
export interface Result {
  count: number
  seconds: number
  p50: number
  p99: number
  /** Answers other than 2xx, with the first of them. */
  failed: number
  failure?: string
  /** The bodies of what was asked once, in the order of the requests. */
  bodies: string[]
}

export interface Opening {
  /** Of a WebSocket. */
  url: string
  tokens: string[]
}

const sockets = new Set<WebSocket>()
let received = 0
let isStopped = false

process.on('message', async (message: { load?: Load, open?: Opening, close?: true, received?: true, stop?: true }) => {
  if (message.load !== undefined) process.send?.(await run(message.load))
  else if (message.open !== undefined) process.send?.(await open(message.open))
  else if (message.close) process.send?.(close())
  else if (message.received) process.send?.({ received })
  else if (message.stop) isStopped = true
})
process.send?.('ready')

async function run ({ url, requests, connections, once, duration }: Load): Promise<Result> {
  isStopped = false
  const pool = new Pool(url, { connections, pipelining: 1 })
  const times: number[] = []
  const bodies: string[] = []
  const last = once ? requests.length : Infinity
  let next = 0
  let failed = 0
  let failure: string | undefined
  const start = performance.now()
  await Promise.all(Array.from({ length: connections }, async () => {
    // eslint-disable-next-line no-unmodified-loop-condition -- a message may stop it
    while (next < last && performance.now() - start < duration && !isStopped) {
      const n = next++
      const { method, path, token, body } = requests[n % requests.length]!
      const began = performance.now()
      const answer = await pool.request({ method, path, body, headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) } })
      const text = await answer.body.text()
      times.push(performance.now() - began)
      if (once) bodies[n] = text
      if (answer.statusCode < 300) continue
      failed++
      failure ??= `${answer.statusCode} ${text}`
    }
  }))
  const seconds = (performance.now() - start) / 1000
  await pool.close()
  times.sort((one, other) => one - other)
  const quantile = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0
  return { count: times.length, seconds, p50: quantile(0.5), p99: quantile(0.99), failed, failure, bodies }
}

/** Opens WebSockets all at once and waits until each is told that it is connected; one that is told to come back later does. */
async function open ({ url, tokens }: Opening) {
  const start = performance.now()
  await Promise.all(tokens.map(async token => {
    while (!await connect(url, token)) await sleep(500 * Math.random())
  }))
  return { seconds: (performance.now() - start) / 1000 }
}

/** Opens one. @returns whether it is connected */
async function connect (url: string, token: string): Promise<boolean> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false })
  return await new Promise((resolve, reject) => {
    socket.once('message', () => {
      sockets.add(socket)
      socket.on('message', (data: Buffer) => {
        if (data.includes('"newMessage"')) received++
        else if (data.includes('"ping"')) socket.send('{"type":"pong"}')
      })
      resolve(true)
    })
    socket.once('error', reject)
    socket.once('close', code => {
      sockets.delete(socket)
      if (code >= 4000 && code < 4500) resolve(false)
      else reject(new Error(`A connection was closed with ${code}`))
    })
  })
}

function close () {
  for (const socket of sockets) socket.terminate()
  sockets.clear()
  received = 0
  return {}
}

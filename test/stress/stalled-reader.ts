import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, fetch } from 'undici'
import { WebSocket } from 'ws'
import { defaultHubLimits } from '../../src/hub/limits.js'
import type { Instance } from './instance.js'

const users = Array.from({ length: 100 }, (_, n) => `reader-${n}`)
/** Devices of each: 1,000 healthy connections. */
const devices = 10
const minRounds = 2
const maxRounds = 9
/** What the one that stalls is sent in a round, so much that no buffer on the way holds it: 12 KB each. */
const bulk = 800
const bulkText = '€'.repeat(4000)
/** Beyond what the others cause: two full queues, and what the collector has not got round to. */
const memoryBound = 64 * 1024 * 1024
const slowdownBound = 2

interface Round {
  p99: number
  deliveries: number
  /** The most that was held, in bytes. */
  memory: number
  /** The most that waited for one connection, in bytes. */
  queue: number
}

/**
 * One of 1,001 connections to an instance stops reading, in rounds that alternate with rounds of the same load in which it
 * reads.
 * @param token makes a user's token
 * @returns what was measured, and what is wrong with it
 */
export async function stalledReader (instance: Instance, token: (userId: string) => string): Promise<{ summary: string, faults: string[] }> {
  const latencies: number[] = []
  const sentAt = new Map<string, number>()
  const sockets = await connectAll(instance, token, text => {
    const at = sentAt.get(text)
    if (at !== undefined) latencies.push(performance.now() - at)
  })
  const authorization = `Bearer ${token('writer')}`
  const dispatcher = new Agent()
  const send = async (to: string, text: string) => {
    const response = await fetch(`${instance.url}/api/messages/${to}`, {
      dispatcher, method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify({ text })
    })
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
    await response.arrayBuffer()
  }

  async function round (name: string): Promise<Round> {
    latencies.length = 0
    let bulkLeft = bulk
    let memory = 0
    let queue = 0
    const bulkWriters = Promise.all(Array.from({ length: 4 }, async () => {
      while (bulkLeft-- > 0) await send('stalled', bulkText)
    }))
    let over = false
    const ended = bulkWriters.finally(() => { over = true })
    const watch = async () => {
      // eslint-disable-next-line no-unmodified-loop-condition -- it ends with the writers
      while (!over) {
        memory = Math.max(memory, await instance.residentMemory())
        queue = Math.max(queue, (await instance.metrics()).get('equilux_unsent_bytes_max') ?? 0)
        await sleep(50)
      }
    }
    const write = async (first: number) => {
      // eslint-disable-next-line no-unmodified-loop-condition -- it ends with the writers
      for (let n = first; !over; n += 4) {
        const text = `${name} ${n}`
        sentAt.set(text, performance.now())
        await send(users[n % users.length] as string, text)
        await sleep(10)
      }
    }
    await Promise.all([ended, watch(), ...[0, 1, 2, 3].map(write)])
    await sleep(200)
    return { p99: percentile(latencies, 0.99), deliveries: latencies.length, memory, queue }
  }

  const faults: string[] = []
  const reading: Round[] = []
  const stalling: Round[] = []
  const closedBefore = await slowConsumers(instance)
  const slowdown = () => median(stalling.map(({ p99 }) => p99)) / median(reading.map(({ p99 }) => p99))
  // What else goes on on the machine passes; what a stalled reader does stays.
  while (stalling.length < minRounds || (slowdown() > slowdownBound && stalling.length < maxRounds)) {
    const healthy = await connect(instance, token('stalled'))
    reading.push(await round(`reading ${reading.length}`))
    healthy.terminate()
    const stalled = await connect(instance, token('stalled'))
    stalled.pause()
    stalling.push(await round(`stalled ${stalling.length}`))
    // It doesn't answer the close frame: the server cuts it two seconds later.
    for (let n = 0; n < 100 && await slowConsumers(instance) < closedBefore + stalling.length; n++) await sleep(50)
    stalled.terminate()
  }
  const closed = await slowConsumers(instance) - closedBefore
  for (const socket of sockets) socket.terminate()
  await dispatcher.close()

  const memory = { reading: Math.max(...reading.map(({ memory }) => memory)), stalled: Math.max(...stalling.map(({ memory }) => memory)) }
  const queue = Math.max(...stalling.map(({ queue }) => queue))
  const deliveries = [...reading, ...stalling].reduce((sum, { deliveries }) => sum + deliveries, 0)
  if (closed !== stalling.length) faults.push(`${closed} of ${stalling.length} stalled readers were closed`)
  if (queue > defaultHubLimits.hardQueue + defaultHubLimits.frame) faults.push(`${queue} bytes waited for one reader`)
  if (memory.stalled - memory.reading > memoryBound) faults.push(`a stalled reader cost ${megabytes(memory.stalled - memory.reading)}`)
  if (slowdown() > slowdownBound) faults.push(`a stalled reader made the others' p99 ${slowdown().toFixed(2)} times as long`)
  return {
    faults,
    summary: `${sockets.length} healthy readers, ${deliveries} deliveries: with a stalled reader the p99 is ` +
      `${slowdown().toFixed(2)} times as long and memory ${megabytes(memory.stalled)} instead of ${megabytes(memory.reading)}; at most ${queue} bytes waited for it, closed ${closed} of ${stalling.length} times`
  }
}

async function connectAll (instance: Instance, token: (userId: string) => string, take: (text: string) => void): Promise<WebSocket[]> {
  const sockets: WebSocket[] = []
  for (const user of users) {
    const own = await Promise.all(Array.from({ length: devices }, async () => await connect(instance, token(user))))
    for (const socket of own) {
      socket.on('message', data => {
        const { type, data: { text } } = JSON.parse(String(data)) as { type: string, data: { text: string } }
        if (type === 'newMessage') take(text)
      })
    }
    sockets.push(...own)
  }
  return sockets
}

/** A connection that is live: its `connected` frame has come. */
async function connect ({ url }: Instance, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws`, { headers: { authorization: `Bearer ${token}` } })
  await new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject))
  return socket.on('error', () => {})
}

async function slowConsumers (instance: Instance): Promise<number> {
  return (await instance.metrics()).get('equilux_connections_closed_total{reason="slow_consumer"}') ?? 0
}

function percentile (values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Infinity
}

function median (values: readonly number[]): number {
  return percentile(values, 0.5)
}

function megabytes (bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`
}

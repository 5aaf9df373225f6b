import { setTimeout as sleep } from 'node:timers/promises'
import type { Sample } from './http.js'
import type { Site, Subject } from './site.js'

export const liveRows = {
  connect: { title: 'open a WebSocket (CPU s / 1,000)', target: 'CPU ≤ 1.5' },
  deliver: { title: 'deliver an event (CPU µs each)', target: '≤ 1.4' },
  memory: { title: 'memory a connection (KiB)', target: '≤ 1.5' }
}

const users = 100
/** A user may have as many. */
const each = 10
const count = users * each
/** How often messages are sent to who hears them, and to who doesn't, and how many each time. */
const [rounds, sends] = [8, 200]
/** Until what opening and closing entail is done, in ms: that somebody has come or gone is told after 2 s. */
const settling = 4000
const body = JSON.stringify({ text: 'Sunny tomorrow: I will have 12 kWh to spare.' })

/**
 * Opens 1,000 connections at once, and while they are open sends messages to their users and, in turn, as many to users who have none: what the former
 * take more is what deliveries cost.
 * @param bare whether the subject is the one with bare ws
 * @returns of each of the live rows a sample
 */
export async function measureLive (site: Site, subject: Subject, bare: boolean): Promise<Record<keyof typeof liveRows, Sample>> {
  const { child, url } = subject
  const { token } = site.world(subject)
  /** What messages between the users of a group cost, in seconds of processor time. */
  const send = async (group: 'live' | 'away') => {
    const requests = Array.from({ length: sends }, (_, n) => bare
      ? { method: 'POST' as const, path: `/deliver/${group}`, body: '{}' }
      : { method: 'POST' as const, path: `/api/messages/${group}-${n % 50 * 2 + 1}`, token: token(`${group}-${n % 50 * 2}`), body })
    const before = await child.cpu()
    await site.run({ url, requests, connections: 16, once: true, duration: 600_000 })
    return await child.cpu() - before
  }

  await site.learn(true)
  await send('away')
  await sleep(settling)
  const memory = await child.memory()
  const before = await child.cpu()
  const { seconds } = await site.load.ask<{ seconds: number }>({ open: { url: `${url.replace('http', 'ws')}/api/ws`, tokens: Array.from({ length: count }, (_, n) => token(`live-${n % users}`)) } })
  const opening = await child.cpu() - before
  await sleep(settling)
  const held = await child.memory() - memory

  await send('live')
  let [heard, unheard] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    heard += await send('live')
    unheard += await send('away')
  }
  const delivered = sends * each * 2
  const wanted = (1 + rounds) * delivered
  for (let waits = 0; ; waits++) {
    const { received } = await site.load.ask<{ received: number }>({ received: true })
    if (received >= wanted) break
    if (waits > 600) throw new Error(`Of ${wanted} events ${received} came`)
    await sleep(50)
  }
  await site.load.ask({ close: true })
  await sleep(settling)
  return {
    connect: { cpu: opening / count * 1000, perSecond: count / seconds },
    deliver: { cpu: (heard - unheard) / (rounds * delivered) * 1e6 },
    memory: { cpu: held / count / 1024 }
  }
}

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
const sends = 800
const settling = 1000

/** Opens 1,000 connections at once, tells them of messages and closes them: of each of the live rows a sample. */
export async function measureLive (site: Site, subject: Subject, bare: boolean): Promise<Record<keyof typeof liveRows, Sample>> {
  const world = site.world(subject)
  const token = (n: number) => world.token(`live-${n}`)
  const requests = Array.from({ length: sends }, (_, n) => bare
    ? { method: 'POST' as const, path: '/deliver', body: '{}' }
    : { method: 'POST' as const, path: `/api/messages/live-${n % 50 * 2 + 1}`, token: token(n % 50 * 2), body: JSON.stringify({ text: 'Sunny tomorrow: I will have 12 kWh to spare.' }) })
  const send = async () => {
    const before = await subject.child.usage()
    await site.run({ url: subject.url, requests, connections: 16, once: true, duration: 600_000 })
    return (await subject.child.usage()).cpu - before.cpu
  }

  await site.learn(true)
  await send()
  const unheardBefore = await send()
  const before = await subject.child.usage()
  const { seconds } = await site.load.ask<{ seconds: number }>({ open: { url: `${subject.url.replace('http', 'ws')}/api/ws`, tokens: Array.from({ length: count }, (_, n) => token(n % users)) } })
  const opened = await subject.child.usage()
  await sleep(settling)
  const idle = await subject.child.usage()
  const heard = await send()
  const wanted = sends * each * 2
  for (let waits = 0; ; waits++) {
    const { received } = await site.load.ask<{ received: number }>({ received: true })
    if (received >= wanted) break
    if (waits > 600) throw new Error(`Of ${wanted} events ${received} came`)
    await sleep(50)
  }
  await site.load.ask({ close: true })
  await sleep(settling)
  const unheard = (unheardBefore + await send()) / 2
  return {
    connect: { cpu: (opened.cpu - before.cpu) / count * 1000, perSecond: count / seconds },
    deliver: { cpu: (heard - unheard) / wanted * 1e6 },
    memory: { cpu: (idle.memory - before.memory) / count / 1024 }
  }
}

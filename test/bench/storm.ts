import type { Site, Subject } from './site.js'
import { median } from './table.js'

/** What others felt: times of their requests in ms, alone and while many connect at once. */
export interface Storm {
  alone: number
  during: number
  /** How long it took until all were connected, in seconds. */
  seconds: number
}

export const stormTitle = 'others while 1,000 WebSockets open at once'

const count = 1000
const users = 100
/** How many of the others ask at once. */
const connections = 8

/** Has others ask for a page of messages, first alone, then while many WebSockets are opened at once, by another process than theirs. */
export async function measureStorm (site: Site, subject: Subject): Promise<Storm> {
  const { token, prepare } = site.world(subject)
  await site.learn(true)
  await prepare(Array.from({ length: 20 }, () => ({ method: 'POST', path: '/api/messages/other', token: token('one'), body: '{"text":"Sunny tomorrow: I will have 12 kWh to spare."}' })))
  const load = {
    url: subject.url, requests: [{ method: 'GET' as const, path: '/api/messages/other', token: token('one') }], connections, once: false, duration: 1000
  }
  await site.run(load)
  const alone = await site.run({ ...load, duration: 3000 })
  // On connections that stand: they are asked on from before it begins until it is over, and no longer.
  const asked = site.run({ ...load, duration: 600_000 })
  const { seconds } = await site.openers.ask<{ seconds: number }>({
    open: { url: `${subject.url.replace('http', 'ws')}/api/ws`, tokens: Array.from({ length: count }, (_, n) => token(`storm-${n % users}`)) }
  })
  site.load.tell({ stop: true })
  const during = await asked
  await site.openers.ask({ close: true })
  return { alone: alone.p99, during: during.p99, seconds }
}

/** What the storms showed, in words. */
export function describeStorms (storms: Storm[]): string {
  const of = (name: keyof Storm) => median(storms.map(storm => storm[name]))!
  const ratios = storms.map(({ alone, during }) => during / alone).sort((one, other) => one - other)
  return `${stormTitle}: their p99 is ${of('alone').toFixed(1)} ms alone and ${of('during').toFixed(1)} ms meanwhile, ` +
    `${median(ratios)!.toFixed(2)} times as long (${ratios[0]!.toFixed(2)}–${ratios.at(-1)!.toFixed(2)}; target ≤ 2); all are connected after ${of('seconds').toFixed(1)} s`
}

import type { Row } from './rows.js'
import type { Site, Subject } from './site.js'
import type { Request } from './load.js'

/** What a row showed in one repetition. */
export interface Sample {
  /** Processor time of the process that is measured, for 1,000 requests or connections in seconds, for a delivery in µs. */
  cpu: number
  perSecond?: number
  p50?: number
  p99?: number
}

/** How long a row is asked before it is measured, in ms: what wasn't used for a while is compiled and optimized again. */
const warmUp = 2000

/**
 * Prepares a row at a server, and warms it up.
 * @returns what it asks
 */
async function prepare (site: Site, subject: Subject, row: Row, connections: number): Promise<Request[]> {
  await site.learn(true)
  const requests = await row.requests(site.world(subject))
  await site.learn(false)
  if (row.once !== true) await site.run({ url: subject.url, requests, connections, once: false, duration: warmUp })
  return requests
}

/** Measures a row once: for a time in milliseconds, or until each request was made. */
export async function measure (site: Site, subject: Subject, row: Row, connections: number, duration: number): Promise<Sample> {
  const requests = await prepare(site, subject, row, connections)
  const before = await subject.child.cpu()
  const { count, seconds, p50, p99 } = await site.run({ url: subject.url, requests, connections, once: row.once === true, duration })
  const cpu = await subject.child.cpu() - before
  return { cpu: cpu / count * 1000, perSecond: count / seconds, p50, p99 }
}

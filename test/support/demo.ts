import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Analytics } from '../../schemas/analytics.js'
import type { TradePage } from '../../schemas/trade-list.js'
import type { TradeOffer } from '../../schemas/trade-offer.js'
import { processesWith } from './processes.js'

const root = join(import.meta.dirname, '../..')

export interface Demo {
  /** Where it says that there are figures to see. */
  url: string
  /** What it wrote. */
  said: () => string
  /** Ends it, and its database. */
  stop: () => Promise<void>
}

/**
 * What `npm run demo` starts, once it says that everybody is there.
 * @param folder an empty one, or one in which it ran before
 */
export async function startDemo (folder: string): Promise<Demo> {
  const child = spawn('/usr/bin/env', ['-u', 'NODE_OPTIONS', process.execPath, '--import', import.meta.resolve('tsx'), join(root, 'docs/examples/demo/demo.ts')], {
    cwd: folder,
    // Where the client package's source is, is said there: it need not be built.
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', PORT: '0', TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const closed = once(child, 'close')
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => { said += data })
  const stop = async () => {
    child.kill('SIGTERM')
    await closed
    while (processesWith(join(folder, '.data/demo/dynamodb.db')).length > 0) await sleep(50)
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = / see figures at (http:\S+)\/analytics\.$/.exec(line) ?? []
    if (url !== undefined) return { url, said: () => said, stop }
  }
  throw new Error(`The demonstration doesn't start: ${said}`)
}

/** A token of somebody there, by name. */
export async function demoToken (url: string, name: string): Promise<string> {
  const response = await fetch(`${url}/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name }) })
  return (await response.json() as { token: string }).token
}

/** Waits until all that somebody has agreed on there is counted. @returns their offers, and a token to ask for more */
export async function countedInDemo (url: string, name: string): Promise<{ token: string, offers: TradeOffer[], analytics: Analytics }> {
  const token = await demoToken(url, name)
  const get = async <Body>(path: string): Promise<Body> => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return await response.json() as Body
  }
  for (;;) {
    const offers: TradeOffer[] = []
    for (let pageToken: string | null = ''; pageToken !== null;) {
      const page: TradePage = await get(`/api/messages/trades?limit=100${pageToken === '' ? '' : `&pageToken=${pageToken}`}`)
      offers.push(...page.trades)
      pageToken = page.nextPageToken
    }
    const analytics = await get<Analytics>('/api/analytics/me')
    const closed = (status: TradeOffer['status']) => offers.filter(offer => offer.status === status).length
    const { accepted, rejected, withdrawn } = analytics.totals
    if (accepted === closed('accepted') && rejected === closed('rejected') && withdrawn === closed('withdrawn')) return { token, offers, analytics }
    await sleep(200)
  }
}

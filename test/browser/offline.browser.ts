import { join } from 'node:path'
import { build } from 'esbuild'
import t from 'tap'
import type { LiveState } from '../../client/src/index.js'
import { startChromium } from '../support/chromium.js'
import { liveApp, tokenUntil } from '../support/live.js'
import { ScriptPage } from '../package/page.js'

const site = await ScriptPage.open(t)
const { url, user } = await liveApp(t, { env: { CLIENT_URL: site.origin } })
const browser = await startChromium(t)

/** What the page keeps for the test to look at. */
interface Seen { states: Array<LiveState & { at: number }>, texts: string[], onlineAt: number }

const script = (transport: string) => `
import { LiveClient } from './client/src/index.js'
const seen = globalThis.seen = { states: [], texts: [], onlineAt: 0 }
const live = new LiveClient({
  baseUrl: ${JSON.stringify(url)}, token: ${JSON.stringify(tokenUntil('bob', Date.now() + 3600_000))}, transport: '${transport}', backoff: { base: 3600_000, cap: 3600_000 }
})
addEventListener('online', () => { seen.onlineAt = Date.now() })
live.on('state', state => seen.states.push({ ...state, at: Date.now() }))
live.on('newMessage', ({ text }) => seen.texts.push(text))
live.connect()
`

for (const transport of ['auto', 'eventStream'] as const) {
  t.test(`without a network it is offline at once, and with one it is back at once and has missed nothing (${transport})`, async t => {
    const { outputFiles } = await build({
      stdin: { contents: script(transport), resolveDir: join(import.meta.dirname, '../..') }, bundle: true, format: 'esm', write: false
    })
    site.script = outputFiles[0]!.text
    const page = await browser.newPage()
    await page.goto(site.origin)
    const reached = async (status: string, times = 1) => await page.waitForFunction((status, times) =>
      (globalThis as unknown as { seen: Seen }).seen?.states.filter(state => state.status === status).length >= times, { timeout: 30_000 }, status, times)
    await reached('live')
    for (let round = 1; round <= 3; round++) {
      await page.setOfflineMode(true)
      await reached('offline', round)
      await user('ann').say('bob', String(round))
      await page.setOfflineMode(false)
      await reached('live', round + 1)
      const { states, onlineAt } = await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen)
      // Its pauses are an hour long: had it waited for one, it wouldn't be back.
      t.comment(`back after ${states.at(-1)!.at - onlineAt} ms`)
    }
    const { states, texts } = await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen)
    t.same(texts, ['1', '2', '3'])
    t.same(states.map(({ status }) => status), ['connecting', 'live', ...[1, 2, 3].flatMap(() => ['offline', 'connecting', 'live'])])
    await page.close()
  })
}

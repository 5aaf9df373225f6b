import type { Page } from 'playwright-core'
import t from 'tap'
import type { Analytics } from '../../../schemas/analytics.js'
import type { Market, MarketPoint } from '../../../schemas/market.js'
import { TestUser } from '../../support/helper.js'
import { sleep } from '../../support/live.js'
import { open, respond } from '../../support/trades.js'
import { userIdOf } from './history.js'
import { axe, openPage, signIn, startSite, type PageOptions } from './site.js'
import { untranslated } from './words.js'

const site = await startSite(t, { env: { ANALYTICS: 'on', WORKER: 'on' } })
const dora = new TestUser(site.app, 'dora', { name: 'Dora' })
await dora.get('/users')

const hour = 3_600_000

/** A page of somebody who has traded, when that was counted. */
async function traded (t: Parameters<typeof openPage>[0], options: PageOptions): Promise<Page> {
  const page = await openPage(t, site, { path: '/analytics', ...options })
  await signIn(page, 'Anna')
  const anna = new TestUser(site.app, await userIdOf(site.app, 'Anna'), { name: 'Anna' })
  const accepted = async () => (await anna.request({ method: 'GET', url: '/api/analytics/me' })).json<Analytics>().totals.accepted
  if (await accepted() === 0) {
    await respond(dora, await open(anna, dora), { response: 'accept' })
    while (await accepted() === 0) await sleep(50)
  }
  await page.reload()
  await page.locator('main section h2').first().waitFor()
  return page
}

async function fits (page: Page): Promise<boolean> {
  return await page.evaluate(() => [document.documentElement, document.querySelector('main > div')].every(element => element !== null && element.scrollWidth <= innerWidth))
}

/** A market of which some is told: the engine's own would have to be a day old. */
async function withMarket (page: Page): Promise<void> {
  await page.route('**/api/analytics/market?*', async route => {
    const { from = '', to = '', currency = '' } = Object.fromEntries(new URL(route.request().url()).searchParams)
    const count = (Date.parse(to) - Date.parse(from)) / hour
    const series = Array.from({ length: count }, (_, n): MarketPoint => {
      const start = new Date(Date.parse(from) + n * hour).toISOString()
      if (n >= count - 24) return { start, trades: null, amount: null, vwap: null, suppressed: true, reason: 'tooRecent' }
      if (n % 5 === 0) return { start, trades: null, amount: null, vwap: null, suppressed: true, reason: 'tooFew' }
      return { start, trades: 31, amount: '1250', vwap: '0.271', suppressed: false }
    })
    const market: Market = {
      from, to, granularity: 'hour', currency, rules: { sellers: 5, buyers: 5, trades: 10, delayHours: 24 }, series, totals: { shown: series.filter(({ suppressed }) => !suppressed).length, trades: 31, amount: '1250', vwap: '0.271' }
    }
    await route.fulfill({ json: market })
  })
}

t.test('nothing stands in anybody\'s way: light, dark, from right to left, on a narrow screen', async t => {
  for (const options of [{}, { dark: true }, { width: 360, height: 740, locale: 'ar', dark: true }]) {
    const name = JSON.stringify(options)
    const page = await traded(t, options)
    await withMarket(page)
    await page.locator('canvas').first().waitFor()
    t.ok(await fits(page), `${name}: nothing sticks out`)
    for (const toggle of await page.locator('button[aria-pressed]').all()) await toggle.click()
    t.ok(await fits(page), `${name}: nor do tables`)
    t.same(await axe(page), [], `${name}: one's own`)
    await page.getByRole('tab').last().click()
    await page.locator('canvas').waitFor()
    t.same(await axe(page), [], `${name}: the market's`)
    t.equal(await page.evaluate(() => document.documentElement.dir), options.locale === 'ar' ? 'rtl' : 'ltr')
  }
})

t.test('every word goes through the catalogue', async t => {
  const page = await traded(t, { path: '/analytics?locale=en-XA' })
  t.same(await untranslated(page), [], 'one\'s own')
  await withMarket(page)
  await page.getByRole('tab').last().click()
  await page.locator('canvas').waitFor()
  t.same(await untranslated(page), [], 'the market\'s')
})

t.test('who has traded nothing is told how to begin; who has chosen something, that it is that', async t => {
  const page = await openPage(t, site, { path: '/conversations' })
  await signIn(page, 'Nora')
  await page.getByRole('link', { name: 'Analytics' }).click()
  await page.getByRole('heading', { name: 'Nothing yet' }).waitFor()
  t.equal(await page.title(), 'Analytics · Equilux')
  t.same(await axe(page), [])
  await page.goto(`${site.url}/analytics?range=7d&side=buy`)
  await page.getByRole('heading', { name: 'Nothing in this range' }).waitFor()
  await page.getByRole('button', { name: 'Show the last 30 days' }).click()
  await page.getByRole('link', { name: 'To the conversations' }).click()
  await page.waitForURL('**/conversations')
})

t.test('days that can\'t be shown are refused with the reason, and not asked for', async t => {
  const page = await openPage(t, site, { path: '/analytics?from=2026-05-02&to=2026-05-01' })
  const asked: string[] = []
  page.on('request', request => { if (request.url().includes('/api/analytics/')) asked.push(request.url()) })
  await signIn(page, 'Nora')
  await page.getByRole('heading', { name: 'These days can’t be shown' }).waitFor()
  t.equal(await page.getByText('The last day must not be before the first.').count(), 2, 'at the field as well')
  t.same(await axe(page), [])
  await page.goto(`${site.url}/analytics?from=2025-01-01&to=2026-01-02`)
  await page.getByText('At most 366 days can be shown at once.').first().waitFor()
  t.same(asked, [])
  await page.getByRole('button', { name: 'Show the last 30 days' }).click()
  await page.getByRole('heading', { name: 'Nothing yet' }).waitFor()
  await page.goto(`${site.url}/analytics?tab=market&from=2099-01-01&to=2099-01-02`)
  await page.getByRole('heading', { name: 'These days are still to come' }).waitFor()
  await page.goto(`${site.url}/analytics?tab=market&range=12m`)
  await page.getByRole('heading', { name: 'That is too long for the market' }).waitFor()
  await page.getByText('choose at most 125 days').waitFor()
})

t.test('where too few trade nothing is told of the market, and why; the gaps between what is told are explained', async t => {
  const page = await traded(t, { path: '/analytics?tab=market&range=7d' })
  await page.getByText('Nothing can be told of these days').waitFor()
  await page.getByText(/^So that nobody can be recognized.* at least 5 sellers and 5 buyers made at least 10 agreements in it, and from 24 hours/).waitFor()
  await page.getByText(/intervals are withheld because too few traded/).waitFor()
  t.same(await axe(page), [])
  await withMarket(page)
  await page.reload()
  await page.getByRole('img', { name: /^Chart of the market.* Intervals withheld: \d+/ }).waitFor()
  await page.getByRole('button', { name: /^Table:/ }).click()
  const rows = await page.locator('tbody tr').evaluateAll(rows => rows.map(({ textContent }) => textContent.replace(/^.*GMT\+\d/, '').replaceAll('\u00a0', ' ')))
  t.same(rows.slice(0, 2), ['–––Too few traded', '311,250 kWh€0.271/kWh'])
  t.equal(rows.at(-1), '–––Not over long enough')
})

t.test('what goes wrong is told, and can be tried again', async t => {
  const page = await traded(t, {})
  await page.route('**/api/analytics/me?*', async route => await route.abort())
  await page.reload()
  await page.getByText('The server can’t be reached.').waitFor()
  t.same(await axe(page), [])
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('canvas').first().waitFor()
  await page.route('**/api/analytics/me/counterparties?*', async route => await route.abort())
  await page.reload()
  await page.getByText('The server can’t be reached.').waitFor()
  await page.getByRole('heading', { name: 'Price and volume' }).waitFor()
})

t.test('where nothing is counted there is no such page', async t => {
  const without = await startSite(t)
  const page = await openPage(t, without, { path: '/analytics' })
  await signIn(page, 'Anna')
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  t.equal(await page.getByRole('link', { name: 'Analytics' }).count(), 0)
})

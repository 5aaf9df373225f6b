import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { OperatorAnalytics, OperatorDay } from '../../../schemas/market.js'
import { acquaint } from '../../support/acquaint.js'
import { TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { open, respond } from '../../support/trades.js'
import { axe, openPage, patience, signIn, startSite } from './site.js'
import { untranslated } from './words.js'

const site = await startSite(t, { env: { ANALYTICS: 'on', WORKER: 'on' } })
const { app } = site
const operator = await TestIntegration.make(app, ['analytics'], { name: 'Control room' })
const metering = await TestIntegration.make(app, ['trades'], { name: 'Metering' })
const [anna, bela] = [new TestUser(app, 'anna'), new TestUser(app, 'bela')]

/** Waits until moves have been counted. */
async function counted (holds: (figures: OperatorAnalytics) => boolean): Promise<OperatorAnalytics> {
  for (const end = Date.now() + patience; ;) {
    const figures = (await operator.get('/analytics')).json<OperatorAnalytics>()
    if (holds(figures)) return figures
    if (Date.now() > end) throw new Error(`It isn't counted: ${JSON.stringify(figures.totals)}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

await acquaint(app, 'anna', 'bela')
for (const response of ['accept', 'accept', 'reject']) await respond(bela, await open(anna, bela), { response, revision: 1 })
await respond(anna, await open(anna, bela), { response: 'withdraw', revision: 1 })
await open(anna, bela, { pricePerUnit: 0.2, currency: 'CHF' })
const figures = await counted(({ totals }) => totals.opened === 4 && totals.accepted === 2 && totals.rejected === 1 && totals.withdrawn === 1)

const show = async (page: Awaited<ReturnType<typeof openPage>>, key: string) => {
  await page.locator('input[type=password]').fill(key)
  await page.keyboard.press('Enter')
}

t.test('who has a key sees what all users do, without being one; the table and the download have the server\'s figures', async t => {
  const page = await openPage(t, site, { path: '/operator' })
  await page.getByLabel('Key of an integration').waitFor()
  t.equal(await page.title(), 'Operator · Equilux')
  t.same(await axe(page), [], 'the form')
  await show(page, operator.key)
  const table = page.getByRole('table', { name: 'Table: Activity by day' })
  await table.waitFor({ state: 'attached' })
  // Two of them where midnight fell in between.
  const days = figures.days.filter(({ activeTraders }) => activeTraders > 0)
  const rows = await Promise.all((await table.locator('tbody tr').all()).map(async row => await row.locator('td').allTextContents()))
  const counts = ({ opened, accepted, rejected, withdrawn, expired }: OperatorDay) => [opened, accepted, rejected, withdrawn, expired]
  t.same(rows.map(cells => [...cells.slice(0, 5), cells.at(-1)]), days.map(day => [...counts(day), day.activeTraders].map(String)))
  await page.getByText('2 of 4 that closed').waitFor()
  await page.getByRole('img', { name: /^Chart of negotiations by day/ }).waitFor()
  await page.getByText('Nothing is due', { exact: true }).or(page.getByText(/due$/)).first().waitFor()
  await page.getByText(/withheld because too few traded|isn’t over long enough|aren’t over long enough/).first().waitFor()
  t.same(await axe(page), [], 'the figures')

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as CSV: Activity by day' }).click()])
  const [header, ...lines] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
  t.match(header, /^\uFEFFstart,opened,accepted,rejected,withdrawn,expired,/)
  t.equal(lines.length, figures.days.length)
  t.same(lines.map(line => line.split(',').slice(0, 6).join()), figures.days.map(day => [day.start, ...counts(day)].join()))

  await page.getByRole('button', { name: /^EUR/ }).click()
  await page.getByRole('option', { name: /^CHF/ }).click()
  await page.waitForFunction(() => Array.from(document.querySelector('tbody')?.rows ?? [], row => row.children[1]?.textContent).join() === '1', undefined, { polling: 50 })
})

t.test('the key is nowhere but in memory, and gone with the page', async t => {
  const page = await openPage(t, site, { path: '/operator' })
  const asked: string[] = []
  page.on('request', request => { asked.push(request.url()) })
  await show(page, operator.key)
  await page.getByRole('button', { name: 'Forget the key' }).waitFor()
  const kept = await page.evaluate(async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state, (await indexedDB.databases()).map(({ name }) => name), document.documentElement.outerHTML
  ]))
  t.notOk(kept.includes(operator.key.slice(-43)))
  t.ok(asked.some(url => url.includes('/api/integrations/analytics?')))
  t.notOk(asked.some(url => url.includes(operator.key.slice(-43))), 'nor in any address')
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
  await page.getByLabel('Key of an integration').waitFor()
  t.equal(await page.locator('input[type=password]').inputValue(), '')
  await show(page, operator.key)
  await page.getByRole('button', { name: 'Forget the key' }).click()
  await page.getByLabel('Key of an integration').waitFor()
  t.equal(await page.getByRole('table').count(), 0, 'and so are the figures')
})

t.test('a key that isn\'t one, isn\'t good or can\'t do that is told apart', async t => {
  const page = await openPage(t, site, { path: '/operator' })
  await page.getByRole('button', { name: 'Show the figures' }).click()
  await page.getByText('Enter a key.').waitFor()
  await show(page, 'secret')
  await page.getByText('This isn’t a key of an integration').waitFor()
  await show(page, `${operator.key.slice(0, -4)}0000`)
  await page.getByText('The server doesn’t take this key').waitFor()
  t.same(await axe(page), [])
  await show(page, metering.key)
  await page.getByText('lacks the scope analytics').waitFor()
  await show(page, operator.key)
  await page.getByRole('button', { name: 'Forget the key' }).waitFor()
})

t.test('where nothing is counted it says so, and asks for no key', async t => {
  const page = await openPage(t, await startSite(t), { path: '/operator' })
  await page.getByText('ANALYTICS=off').waitFor()
  t.equal(await page.locator('input').count(), 0)
  t.same(await axe(page), [])
})

t.test('in the dark, from right to left, narrow, and in no language but the reader\'s; a user finds it by its address alone', async t => {
  const { key } = await TestIntegration.make(app, ['analytics'], { name: 'Languages' })
  for (const options of [{ dark: true, locale: 'ar', width: 360, height: 740 }, { path: '/operator?locale=en-XA' }, { dark: true, locale: 'hi' }]) {
    const page = await openPage(t, site, { path: '/operator', ...options })
    await page.locator('input[type=password]').waitFor()
    await show(page, key)
    await page.getByRole('table').first().waitFor({ state: 'attached' })
    await page.locator('canvas').first().waitFor()
    t.same(await axe(page), [], JSON.stringify(options))
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out')
    if (options.path !== undefined) t.same(await untranslated(page), [])
    if (options.locale === 'ar') t.equal(await page.evaluate(() => document.documentElement.dir), 'rtl')
  }
  const page = await openPage(t, site)
  await signIn(page, 'Carla')
  t.equal(await page.locator('a[href*=operator]').count(), 0)
  await page.goto(`${site.url}/operator`)
  await page.locator('input[type=password]').waitFor()
})

import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import t from 'tap'
import { formatEnergy, formatMoney, formatPrice } from '../../../client/src/format/index.js'
import type { Analytics, Counterparties } from '../../../schemas/analytics.js'
import { TestUser } from '../../support/helper.js'
import { sleep } from '../../support/live.js'
import { day, later, open, openBriefly, respond, terms } from '../../support/trades.js'
import { openPage, patience, signIn, startSite } from './site.js'

const site = await startSite(t, { env: { ANALYTICS: 'on', WORKER: 'on' } })
const locale = 'en-GB'
const page = await openPage(t, site, { locale })
await signIn(page, 'Anna')
const { userId } = (await site.app.inject({ method: 'POST', url: '/sign-in', payload: { name: 'Anna' }, headers: { host: 'localhost' } })).json<{ userId: string }>()
const anna = new TestUser(site.app, userId, { name: 'Anna' })
const bela = new TestUser(site.app, 'bela', { name: '=Bela' })
const carl = new TestUser(site.app, 'carl', { name: 'Carl' })

/** Three agreements, one of which was haggled about, and each other way to end. */
async function trade () {
  const first = await open(anna, bela, { pricePerUnit: 0.3, totalAmount: 12.345 })
  await respond(bela, first, { response: 'counter', ...terms({ pricePerUnit: 0.27, totalAmount: 12.345 }) })
  await respond(anna, first, { response: 'accept', revision: 2 })
  await respond(bela, await open(anna, bela, { pricePerUnit: 0.25, totalAmount: 1 }), { response: 'accept' })
  await respond(anna, await open(carl, anna, { pricePerUnit: 0.19999, totalAmount: 3.333, startTime: later(2 * day) }), { response: 'accept' })
  await respond(carl, await open(anna, carl), { response: 'reject' })
  await respond(anna, await open(anna, carl), { response: 'withdraw' })
  await openBriefly(anna, carl)
}

async function figures (query: string): Promise<Analytics> {
  return (await anna.request({ method: 'GET', url: `/api/analytics/me?${query}` })).json<Analytics>()
}

/** What was counted by the time that all of it was. */
async function counted (query: string): Promise<Analytics> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(100)) {
    const answer = await figures(query)
    const { totals: { accepted, rejected, withdrawn, expired } } = answer
    if ([accepted, rejected, withdrawn, expired].join() === '3,1,1,1') return answer
  }
  throw new Error('The moves were not counted')
}

const figure = (name: string) => page.getByRole('region', { name, exact: true })

/** The cells of a figure's table, row by row. */
async function cellsOf (name: string): Promise<string[][]> {
  return await figure(name).locator('tbody tr').evaluateAll(rows => rows.map(row => Array.from(row.children, cell => cell.textContent)))
}

async function analyticsAt (page: Page, query = '') {
  await page.goto(`${site.url}/analytics${query}`)
  await page.locator('canvas').first().waitFor()
}

/** Waits for the question that something asks the server. */
async function asked (path: string, cause: () => Promise<unknown>): Promise<URLSearchParams> {
  const [request] = await Promise.all([page.waitForRequest(request => new URL(request.url()).pathname === path), cause()])
  return new URL(request.url()).searchParams
}

async function choose (name: string, option: string) {
  await page.getByRole('button', { name: new RegExp(`${name}$`) }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function downloaded (name: string): Promise<{ file: string, lines: string[] }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `Download as CSV: ${name}` }).click()])
  return { file: download.suggestedFilename(), lines: (await readFile(await download.path(), 'utf8')).split('\r\n') }
}

await trade()

t.test('what the page shows is what the server says, to the last digit: beside each chart there is a table', async t => {
  await analyticsAt(page, '?zone=Asia/Kathmandu')
  const address = await page.locator('header [role=status]').textContent()
  t.match(address, 'Asia/Kathmandu')
  const request = await asked('/api/analytics/me', async () => await page.reload())
  const { series, totals, currency } = await counted(request.toString())
  await page.reload()
  await page.getByRole('term').filter({ hasText: 'Acceptance rate' }).waitFor()
  t.same([request.get('granularity'), request.get('timeZone'), series.length], ['day', 'Asia/Kathmandu', 38])

  const said = await page.locator('dl').innerText()
  for (const text of [
    formatEnergy(totals.sold.amount, locale), formatMoney(totals.sold.value, currency, locale), formatPrice(totals.sold.vwap ?? '', currency, locale), formatEnergy(totals.bought.amount, locale), '50%', '3 of 6'
  ]) t.match(said, text)
  t.equal(totals.sold.amount, '13.345')

  const delivered = series.filter(({ sold, bought }) => sold.trades + bought.trades > 0)
  t.ok(delivered.length > 0)
  t.same((await cellsOf('Price and volume')).map(([, ...cells]) => cells.map(cell => cell.replace(/[\u2066-\u2069]/g, ''))), delivered.map(({ sold, bought }) => [sold, bought].flatMap(({ amount, value, vwap }) =>
    [formatEnergy(amount, locale), formatMoney(value, currency, locale), vwap === null ? '–' : formatPrice(vwap, currency, locale)])))
  const active = series.filter(({ opened, accepted, rejected, withdrawn, expired }) => opened + accepted + rejected + withdrawn + expired > 0)
  t.same((await cellsOf('How negotiations ended')).map(cells => cells.slice(1, 6).map(Number)), active.map(({ opened, accepted, rejected, withdrawn, expired }) => [opened, accepted, rejected, withdrawn, expired]))
  t.same((await cellsOf('Time to agreement')).map(([, count]) => Number(count)), totals.agreementTimes)
  t.same((await cellsOf('From the first price to the agreed one')).reduce((sum, [, count]) => sum + Number(count), 0), 3)
  t.equal(totals.meanSpreadBps, -333.33)
  t.match(said, '-3.3333%')
})

t.test('with whom one traded is told by name, in the month of the delivery', async t => {
  const month = later(day).slice(0, 7)
  await analyticsAt(page, `?month=${month}`)
  const { counterparties } = (await anna.request({ method: 'GET', url: `/api/analytics/me/counterparties?month=${month}` })).json<Counterparties>()
  await figure('Counterparties').getByRole('link', { name: '=Bela', includeHidden: true }).first().waitFor({ state: 'attached' })
  t.same((await cellsOf('Counterparties')).map(([name, sold]) => [name, sold]), counterparties.map(({ userId, sold }) => [userId === 'bela' ? '=Bela' : 'Carl', formatEnergy(sold.amount, locale)]))
  const { file, lines } = await downloaded('Counterparties')
  t.equal(file, `counterparties-${month}.csv`)
  t.match(lines[1], 'bela,\'=Bela,2,13.345,3.58315,0.2685,0,0,0,,EUR', 'and no name is run as a formula')
  const asks = await asked('/api/analytics/me/counterparties', async () => await choose('Month', new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }).format(new Date(`${later(-40 * day).slice(0, 7)}-15`))))
  t.equal(asks.get('month'), later(-40 * day).slice(0, 7))
  await page.getByText(/^Nothing to be delivered in/).waitFor()
})

t.test('a download has every interval, as the server said it', async t => {
  await analyticsAt(page, '?by=month&range=12m&zone=UTC')
  const { series } = await figures((await asked('/api/analytics/me', async () => await page.reload())).toString())
  await page.locator('canvas').first().waitFor()
  const { file, lines } = await downloaded('Price and volume')
  t.match(file, /^price-and-volume-\d{4}-\d\d-01-\d{4}-\d\d-01\.csv$/)
  t.same(lines, [
    '\uFEFFstart,soldTrades,soldAmountKWh,soldValue,soldPricePerKWh,boughtTrades,boughtAmountKWh,boughtValue,boughtPricePerKWh,currency',
    ...series.map(({ start, sold, bought }) => [start, ...[sold, bought].flatMap(({ trades, amount, value, vwap }) => [trades, amount, value, vwap ?? '']), 'EUR'].join()), ''
  ])
  t.equal(lines.length, 1 + 12 + 1)
  t.match((await downloaded('How negotiations ended')).lines[0], 'start,opened,accepted,rejected,withdrawn,expired,acceptanceRate')
  t.match((await downloaded('Time to agreement')).lines, ['\uFEFFoverSeconds,atMostSeconds,accepted,share', '0,60,', '60,300,'])
  t.match((await downloaded('From the first price to the agreed one')).lines[0], 'start,accepted,meanSpreadBps,meanRevisions')
})

t.test('what is chosen is asked for, and stands in the address', async t => {
  await analyticsAt(page)
  t.equal(new URL(page.url()).search, '')
  const me = '/api/analytics/me'
  const search = () => Object.fromEntries(new URL(page.url()).searchParams)
  const today = await asked(me, async () => await choose('Range', 'Today'))
  t.same([today.get('granularity'), Date.parse(today.get('to')!) - Date.parse(today.get('from')!)], ['hour', day])
  t.equal((await asked(me, async () => await choose('In steps of', 'Quarter hours'))).get('granularity'), 'quarterHour')
  t.equal((await asked(me, async () => await choose('Side', 'You sell'))).get('side'), 'sell')
  await page.waitForFunction(() => !document.querySelector('thead')?.textContent.includes('Bought'))
  t.equal((await asked(me, async () => await choose('Currency', 'CHF · Swiss Franc'))).get('currency'), 'CHF')
  await page.getByRole('button', { name: /Time zone$/ }).click()
  await page.getByRole('searchbox', { name: 'Search for a time zone' }).fill('york new')
  t.equal((await asked(me, async () => await page.getByRole('option', { name: 'America/New York' }).click())).get('timeZone'), 'America/New_York')
  t.same(search(), { range: 'today', by: 'quarterHour', side: 'sell', currency: 'CHF', zone: 'America/New_York' })
  const year = await asked(me, async () => await choose('Range', '12 months'))
  t.equal(year.get('granularity'), 'month', 'quarter hours of a year can\'t be told apart')
  await choose('Range', 'From … until …')
  const own = await asked(me, async () => {
    await page.getByRole('group', { name: 'First day' }).getByRole('spinbutton', { name: /^day/ }).focus()
    await page.keyboard.press('ArrowUp')
  })
  t.match(search(), { from: own.get('from') })
  t.equal(own.get('from')?.slice(8), '02')
  await page.reload()
  await page.getByRole('button', { name: /You sell Side$/ }).waitFor()
})

t.test('all of it goes by the keyboard: from one\'s own figures to the market\'s, and to a table', async t => {
  await analyticsAt(page)
  await page.getByRole('tab', { name: 'My trades' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('heading', { name: 'Price and volume of the market' }).waitFor()
  t.equal(new URL(page.url()).search, '?tab=market')
  await page.keyboard.press('ArrowLeft')
  const toggle = page.getByRole('button', { name: 'Table: Price and volume' })
  await toggle.focus()
  const table = figure('Price and volume').getByRole('table')
  t.equal((await table.locator('..').boundingBox())?.height ?? 0, (await table.boundingBox())?.height, 'it is there, but takes no room')
  await page.keyboard.press('Enter')
  t.equal(await toggle.getAttribute('aria-pressed'), 'true')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'region', 'what scrolls can be scrolled')
})

t.test('a chart says what it shows to those who don\'t see it, and draws it to those who do', async t => {
  await analyticsAt(page)
  const chart = page.getByRole('img', { name: /^Chart of price and volume/ })
  t.match(await chart.getAttribute('aria-label'), '13.345')
  const drawn = await chart.evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data
    return new Set(new Uint32Array(pixels.buffer)).size
  })
  t.ok(drawn > 20, `${drawn} colours`)
})

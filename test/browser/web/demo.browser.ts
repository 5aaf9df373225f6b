import t from 'tap'
import { regular } from '../../../docs/examples/demo/cast.js'
import type { Analytics } from '../../../schemas/analytics.js'
import type { TradeOffer } from '../../../schemas/trade-offer.js'
import { toUnits } from '../../../src/shared/decimal.js'
import { countedInDemo, startDemo } from '../../support/demo.js'
import { axe, openPage, sharedBrowser, signIn } from './site.js'

const folder = t.testdir()
const demo = await startDemo(folder)
t.teardown(demo.stop)
const site = { url: demo.url, browser: await sharedBrowser() }
const { offers, analytics } = await countedInDemo(demo.url, regular.name)
const me = regular.name.toLowerCase()

const isSold = ({ senderId, currentProposal: { tradeType } }: TradeOffer) => (senderId === me) === (tradeType === 'sell')

/** What was agreed, as the figures have it. */
function traded (agreed: TradeOffer[]) {
  const amount = agreed.reduce((sum, { currentProposal }) => sum + toUnits(currentProposal.totalAmount, 3), 0)
  const value = agreed.reduce((sum, { currentProposal }) => sum + BigInt(toUnits(currentProposal.pricePerUnit, 5)) * BigInt(toUnits(currentProposal.totalAmount, 3)), 0n)
  return { trades: agreed.length, amount: plain(BigInt(amount), 3), value: plain(value, 8) }
}

function plain (units: bigint, places: number): string {
  const digits = String(units).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '')
}

t.test('what the demonstration starts with is worth looking at, and counted to the last decimal', async t => {
  const agreed = offers.filter(({ status }) => status === 'accepted')
  t.ok(agreed.length >= 12, `${agreed.length} agreements`)
  const { sold, bought, accepted, rejected, withdrawn, meanSpreadBps } = analytics.totals
  for (const [figures, offers] of [[sold, agreed.filter(isSold)], [bought, agreed.filter(offer => !isSold(offer))]] as const) {
    const { vwap, ...summed } = figures
    t.same(summed, traded(offers))
    t.ok(Number(vwap) > 0.1 && Number(vwap) < 0.4, `${vwap} is a price that one would pay`)
  }
  t.ok(accepted > 0 && rejected > 0 && withdrawn > 0)
  t.not(meanSpreadBps, null)
  t.ok(analytics.series.filter(({ sold, bought }) => sold.trades + bought.trades > 0).length >= 5, 'deliveries are on many days')
})

t.test('the dashboard shows it: charts with something in them, tables with the server\'s figures, and axe finds nothing', async t => {
  const page = await openPage(t, site, { height: 1400 })
  await signIn(page, regular.name)
  const answered = page.waitForResponse(response => response.url().includes('/api/analytics/me?'))
  await page.getByRole('link', { name: 'Analytics' }).click()
  const { series, totals } = await (await answered).json() as Analytics
  const charts = page.getByRole('img', { name: /^Chart of/ })
  await charts.nth(2).waitFor()
  for (const chart of await charts.all()) {
    const name = await chart.getAttribute('aria-label')
    await chart.scrollIntoViewIfNeeded()
    await page.waitForFunction(canvas => {
      const { width, height } = canvas as HTMLCanvasElement
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
      return new Set(new Uint32Array(new Uint8ClampedArray(pixels).buffer)).size > 3
    }, await chart.elementHandle(), { polling: 50 })
    t.pass(`${name} is drawn`)
  }

  const rowsOf = async (name: string) => {
    const rows = await page.getByRole('table', { name: `Table: ${name}` }).locator('tbody tr').all()
    return await Promise.all(rows.map(async row => await row.locator('td').allTextContents()))
  }
  const closings = series.filter(({ opened, accepted, rejected, withdrawn, expired }) => opened + accepted + rejected + withdrawn + expired > 0)
  t.same((await rowsOf('How negotiations ended')).map(cells => cells.slice(0, 5)),
    closings.map(({ opened, accepted, rejected, withdrawn, expired }) => [opened, accepted, rejected, withdrawn, expired].map(String)))
  t.same((await rowsOf('Time to agreement')).map(([agreements]) => agreements), totals.agreementTimes.map(String))
  t.same(await axe(page), [])
})

t.test('what is said of the market says why there is nothing', async t => {
  const page = await openPage(t, site, { dark: true })
  await signIn(page, regular.name)
  await page.goto(`${site.url}/analytics?tab=market`)
  await page.getByText('an interval is told only if at least 5 sellers and 5 buyers').waitFor()
  t.same(await axe(page), [])
})

t.test('in Arabic, from right to left, on a phone', async t => {
  const page = await openPage(t, site, { locale: 'ar', width: 360, height: 740 })
  await signIn(page, regular.name)
  await page.goto(`${site.url}/analytics`)
  await page.locator('canvas').first().waitFor()
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out')
  t.same(await axe(page), [])
})

t.test('a second start adds nothing, and loses nothing', async t => {
  await demo.stop()
  const again = await startDemo(folder)
  t.teardown(again.stop)
  const { analytics: after } = await countedInDemo(again.url, regular.name)
  t.same([after.totals.sold, after.totals.bought, after.totals.accepted], [analytics.totals.sold, analytics.totals.bought, analytics.totals.accepted])
  t.notMatch(again.said(), /can't|could not|error/i)
})

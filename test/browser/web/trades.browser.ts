import { readFile } from 'node:fs/promises'
import t from 'tap'
import { TestUser } from '../../support/helper.js'
import { open, respond } from '../../support/trades.js'
import { axe, openPage, signIn, startSite } from './site.js'

const site = await startSite(t)
const page = await openPage(t, site)
await signIn(page, 'Anna')
const { userId } = (await site.app.inject({ method: 'POST', url: '/sign-in', payload: { name: 'Anna' }, headers: { host: 'localhost' } })).json<{ userId: string }>()
const anna = new TestUser(site.app, userId, { name: 'Anna' })
const bela = new TestUser(site.app, 'bela', { name: '=Bela & "Co"' })
const carl = new TestUser(site.app, 'carl', { name: 'Carl' })
await new TestUser(site.app, 'dora', { name: 'Dora' }).get('/users')

const tradesAt = async (query = '') => await page.goto(`${site.url}/trades${query}`)
const shows = async (expected: string[]) => {
  await page.waitForFunction(expected => {
    const shown = Array.from(document.querySelectorAll('[role=row]'), row => /€[\d.]+(?=\/kWh)/.exec(row.textContent ?? '')?.[0]).filter(Boolean)
    return shown.join() === expected
  }, expected.join())
}

t.test('who has no trades is told how to come by one', async t => {
  await tradesAt()
  await page.getByText('No trades yet').waitFor()
  t.same(await axe(page), [])
})

t.test('trades are filtered by what the address says, live, and sorted', async t => {
  const first = await open(bela, anna, { pricePerUnit: 0.3 })
  await shows(['€0.30'])
  await open(anna, bela, { pricePerUnit: 0.1, tradeType: 'buy', totalAmount: 100 })
  await open(carl, anna, { pricePerUnit: 0.2, tradeType: 'buy' })
  await shows(['€0.20', '€0.10', '€0.30'])
  t.same(await axe(page), [], 'the table')

  await page.getByRole('columnheader', { name: 'Price' }).click()
  await shows(['€0.10', '€0.20', '€0.30'])
  await page.getByRole('columnheader', { name: 'Total' }).focus()
  await page.keyboard.press('Enter')
  await shows(['€0.20', '€0.30', '€0.10'])
  t.match(new URL(page.url()).search, 'sort=total')

  await page.getByRole('switch', { name: 'Your move' }).focus()
  await page.keyboard.press('Space')
  await shows(['€0.20', '€0.30'])
  await respond(anna, first, { response: 'reject' })
  await shows(['€0.20'])

  await tradesAt('?side=buy')
  await shows(['€0.10', '€0.30'])
  await page.getByRole('button', { name: 'Rejected' }).click()
  await shows(['€0.30'])
  t.equal(new URL(page.url()).search, '?status=rejected&side=buy')
  await page.reload()
  await shows(['€0.30'])
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await shows(['€0.20', '€0.10', '€0.30'])
  await page.getByRole('button', { name: 'Everyone With' }).click()
  await page.getByRole('option', { name: 'Carl' }).waitFor()
  await page.getByRole('searchbox', { name: 'Search for people' }).fill('dor')
  await page.getByRole('option', { name: 'Dora' }).waitFor()
  t.same(await axe(page), [], 'the search for a counterparty')
  await page.getByRole('option', { name: 'Dora' }).click()
  await page.getByText('No trade matches').waitFor()
  t.equal(new URL(page.url()).search, '?with=dora')
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await shows(['€0.20', '€0.10', '€0.30'])
  await page.getByRole('button', { name: 'Expired' }).click()
  await page.getByText('No trade matches').waitFor()
})

t.test('the download has all offers of the filter, exactly, and runs no formula', async t => {
  for (let price = 1; price <= 60; price++) await open(anna, carl, { pricePerUnit: price / 1e5, totalAmount: 0.001 })
  await tradesAt('?opened=me')
  await page.getByText('newest offers are shown').waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as CSV' }).click()])
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n')
  t.match(download.suggestedFilename(), /^trades-\d{4}-\d\d-\d\d\.csv$/)
  t.match(lines[0], /^\uFEFFmessageId,counterparty,/)
  t.equal(lines.length, 1 + 61 + 1)
  t.match(lines[1], ',carl,Carl,sell,')
  t.match(lines[1], ',0.001,0.0006,EUR,0.0000006,')
  t.match(lines[61], ',bela,"\'=Bela & ""Co""",buy,')
  await page.getByRole('button', { name: 'Load more' }).click()
  await page.getByText('61 offers', { exact: true }).waitFor()
})

t.test('a row leads into the thread, and tells its history', async () => {
  await tradesAt('?with=bela&status=rejected')
  await page.getByRole('button', { name: /^History of the offer with/ }).click()
  await page.getByText('You rejected the offer').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: '=Bela & "Co"' }).click()
  await page.waitForURL(/\/conversations\/bela\?message=/)
})

t.test('on a narrow screen there are cards, in Arabic from right to left', async t => {
  await page.setViewportSize({ width: 360, height: 740 })
  await tradesAt('?with=bela&locale=ar')
  await page.getByRole('list', { name: 'الصفقات' }).getByRole('listitem').first().waitFor()
  t.equal(await page.evaluate(() => document.documentElement.dir), 'rtl')
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, 'nothing is wider than the screen')
  t.same(await axe(page), [])
  await page.getByRole('button', { name: 'المرشّحات' }).click()
  await page.getByRole('switch').waitFor()
  t.same(await axe(page), [], 'with the filters unfolded')
})

import type { FastifyInstance } from 'fastify'
import type { Page } from 'puppeteer-core'
import t from 'tap'
import { startChromium } from '../support/chromium.js'
import { liveApp, until } from '../support/live.js'
import { ChatSite, textsOn, waitFor } from './chat-site.js'

const browser = await startChromium(t)

/** How many live connections an app has. */
async function connectionsOf (app: FastifyInstance): Promise<number> {
  const { body } = await app.inject('/metrics')
  return Array.from(body.matchAll(/^equilux_live_connections\S* (\d+)$/gm), ([, count]) => Number(count)).reduce((sum, count) => sum + count, 0)
}

t.test('twelve tabs of a user share a connection, and another takes over when the one that holds it is closed', async t => {
  const { app, url, user } = await liveApp(t)
  const site = await ChatSite.open(t, 'test/browser/tabs-page.ts', url)
  let pages = await Promise.all(Array.from({ length: 12 }, async () => await site.visit(browser, 'ann')))
  const areLive = async () => { for (const page of pages) await waitFor(page, () => document.body.dataset.status === 'live') }
  const leaders = async () => {
    const leads = await Promise.all(pages.map(async page => await page.evaluate(() => document.body.dataset.leads)))
    return pages.filter((_, n) => leads[n] === 'true')
  }
  const allShow = async (...texts: string[]) => {
    for (const page of pages) {
      await waitFor(page, count => document.querySelectorAll('li').length >= count, texts.length)
      t.same(await textsOn(page), texts)
    }
  }
  await areLive()
  t.equal(await connectionsOf(app), 1)
  t.equal((await leaders()).length, 1)
  await user('bob').say('ann', 'hello')
  await allShow('hello')

  for (let round = 1; round <= 2; round++) {
    const [leader] = await leaders()
    await leader?.close()
    pages = pages.filter(page => page !== leader)
    await user('bob').say('ann', `without the leader ${round}`)
    await allShow('hello', ...Array.from({ length: round }, (_, n) => `without the leader ${n + 1}`))
    await areLive()
    t.equal((await leaders()).length, 1)
    let open = 0
    await until('the connection of the closed tab is gone', () => {
      connectionsOf(app).then(count => { open = count }, t.threw)
      return open === 1
    })
  }
  t.same(site.errors, [])
  for (const page of pages) await page.close()
})

t.test('tabs that can\'t share take the place of the oldest, which is live again when it is looked at: none ends for good', async t => {
  const { app, url, user } = await liveApp(t)
  const site = await ChatSite.open(t, 'test/browser/tabs-page.ts', url)
  const pages: Page[] = []
  const becomes = async (page: Page | undefined, status: string, error: string) => await waitFor(page as Page, (status, error) =>
    document.body.dataset.status === status && document.body.dataset.error === error, status, error)
  while (pages.length < 12) {
    const page = await site.visit(browser, 'ann', '?alone')
    pages.push(page)
    await becomes(page, 'live', '')
  }
  for (const page of pages.slice(0, 2)) await becomes(page, 'waiting', 'taken_over')
  t.equal(await connectionsOf(app), 10)

  await pages[0]?.bringToFront()
  await becomes(pages[0], 'live', '')
  await becomes(pages[2], 'waiting', 'taken_over')
  await user('bob').say('ann', 'hello')
  for (const page of [pages[0], ...pages.slice(3)]) await waitFor(page as Page, () => document.querySelectorAll('li').length === 1)
  t.same(await Promise.all(pages.map(async page => await page.evaluate(() => document.body.dataset.status))),
    ['live', 'waiting', 'waiting', ...Array(9).fill('live')])
  t.same(site.errors, [])
  for (const page of pages) await page.close()
})

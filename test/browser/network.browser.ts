import fc from 'fast-check'
import type { Page } from 'puppeteer-core'
import t from 'tap'
import { startChromium } from '../support/chromium.js'
import type { MessagePage } from '../../schemas/message.js'
import type { TestUser } from '../support/helper.js'
import { liveApp } from '../support/live.js'
import { ChatSite, shows, textsOn, waitFor, write } from './chat-site.js'

const browser = await startChromium(t)

/** Notes in a page which messages were ever shown twice at the same time. */
async function watchForDoubles (page: Page) {
  await page.evaluate(() => {
    const doubles = new Set<string>()
    new MutationObserver(() => {
      const texts = Array.from(document.querySelectorAll('li > span'), ({ textContent }) => textContent ?? '')
      texts.forEach((text, n) => { if (texts.indexOf(text) !== n) doubles.add(text) })
      document.body.dataset.doubles = [...doubles].join()
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

/** All texts of a conversation as the server has them, in order. */
async function logOf (user: TestUser, other: string): Promise<string[]> {
  const texts: string[] = []
  for (let pageToken: string | null = ''; pageToken !== null;) {
    const { messages, nextPageToken }: MessagePage = (await user.get(`/${other}?order=asc&limit=100${pageToken && `&pageToken=${encodeURIComponent(pageToken)}`}`)).json()
    texts.push(...messages.map(({ text = '' }) => text))
    pageToken = nextPageToken
  }
  return texts
}

t.test('of 200 messages of two users whose networks come and go each is on both screens once, in the order of the log', async t => {
  const { url, user } = await liveApp(t)
  const site = await ChatSite.open(t, 'client/examples/react-chat.tsx', url)
  const pages = [await site.visit(browser, 'ann', '#bob'), await site.visit(browser, 'bob', '#ann')] as const
  for (const page of pages) {
    await shows(page, '[role=status]', 'live')
    await watchForDoubles(page)
  }
  const seed = Number(process.env.NETWORK_SEED ?? Date.now() % 1_000_000)
  t.comment(`NETWORK_SEED=${seed}`)
  // Who writes; whose network changes before that, and whether the page is to notice first; whether all that was written is to be shown first.
  const rarely = fc.integer({ min: 0, max: 12 }).map(n => n === 0)
  const steps = fc.sample(fc.record({
    writer: fc.constantFrom(0, 1), cut: fc.option(fc.constantFrom(0, 1), { freq: 6 }), notices: fc.boolean(), shows: rarely
  }), { seed, numRuns: 200 })
  const isOffline = [false, false]
  const sent: string[] = []
  for (const { writer, cut, notices, shows: isShown } of steps) {
    if (cut !== null) {
      const page = pages[cut] as Page
      await page.setOfflineMode(isOffline[cut] = !isOffline[cut])
      if (notices) await shows(page, '[role=status]', isOffline[cut] ? 'offline' : 'live')
    }
    const [last] = sent.slice(-1)
    if (isShown && last !== undefined && !isOffline.includes(true)) for (const page of pages) await shows(page, 'li > span', last)
    const text = `${['ann', 'bob'][writer]} ${sent.length + 1}.`
    sent.push(text)
    await write(pages[writer] as Page, text)
  }
  for (const page of pages) await page.setOfflineMode(false)
  for (const page of pages) {
    await waitFor(page, () => document.querySelectorAll('li').length === 200 &&
      Array.from(document.querySelectorAll('li.own small')).every(({ textContent }) => textContent === 'read'))
  }
  const log = await logOf(user('ann'), 'bob')
  t.same([...log].sort(), [...sent].sort(), 'the log has each once')
  for (const writer of ['ann', 'bob']) {
    t.same(log.filter(text => text.startsWith(writer)), sent.filter(text => text.startsWith(writer)), `what ${writer} wrote is in the order in which it was written`)
  }
  for (const page of pages) {
    t.same(await textsOn(page), log)
    t.equal(await page.evaluate(() => document.body.dataset.doubles), '')
    await page.close()
  }
  t.same(site.errors, [])
})

t.test('what was queued when the page was left is sent once by the next', async t => {
  const { url, user } = await liveApp(t)
  const site = await ChatSite.open(t, 'client/examples/react-chat.tsx', url)
  const page = await site.visit(browser, 'ann', '#bob')
  await shows(page, '[role=status]', 'live')
  await page.setOfflineMode(true)
  await shows(page, '[role=status]', 'offline')
  for (const text of ['one', 'two', 'three']) await write(page, text)
  await waitFor(page, () => Array.from(document.querySelectorAll('li.own small'), ({ textContent }) => textContent).join() === 'queued,queued,queued')
  t.same(await logOf(user('bob'), 'ann'), [])
  await page.goto('about:blank')
  await page.setOfflineMode(false)
  await page.goto(site.urlOf('ann', '#bob'))
  await waitFor(page, () => Array.from(document.querySelectorAll('li.own small'), ({ textContent }) => textContent).join() === 'delivered,delivered,delivered')
  t.same(await textsOn(page), ['one', 'two', 'three'])
  await page.reload()
  await waitFor(page, () => document.querySelectorAll('li.own').length === 3)
  await shows(page, '[role=status]', 'live')
  t.same(await logOf(user('bob'), 'ann'), ['one', 'two', 'three'])
  t.same(site.errors, [])
  await page.close()
})

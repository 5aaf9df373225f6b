import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { TestUser } from '../../support/helper.js'
import { opening } from '../../support/trades.js'
import { userIdOf } from './history.js'
import { axe, openPage, signIn, startSite, type PageOptions } from './site.js'
import { pseudo, untranslated } from './words.js'

const site = await startSite(t)
const { app, url } = site
const bob = new TestUser(app, 'bob', { name: 'Bob' })
await bob.get('/users')

/** Somebody in the thread with Bob. */
async function talkToBob (t: Test, name: string, options: PageOptions = {}): Promise<{ page: Page, userId: string }> {
  const page = await openPage(t, site, options)
  await signIn(page, name)
  await page.goto(`${url}/conversations/bob${options.path ?? ''}`)
  await fieldOf(page).waitFor()
  return { page, userId: await userIdOf(app, name) }
}

const fieldOf = (page: Page) => page.locator('textarea')
const entry = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

/** What a page believes about being looked at. */
const setHidden = async (page: Page, isHidden: boolean) => await page.evaluate(isHidden => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, value: isHidden ? 'hidden' : 'visible' })
  document.dispatchEvent(new Event('visibilitychange'))
}, isHidden)

t.test('a message is delivered, and read as soon as the other looks at it', async t => {
  const [{ page: anna, userId }, ben] = await Promise.all([talkToBob(t, 'Anna'), openPage(t, site)])
  await signIn(ben, 'Ben')
  const benId = await userIdOf(app, 'Ben')
  await anna.goto(`${url}/conversations/${benId}`)
  await fieldOf(anna).fill('one\ntwo')
  await anna.keyboard.press('Enter')
  await entry(anna, 'one').getByText('Delivered').waitFor()
  t.equal(await fieldOf(anna).inputValue(), '')
  await ben.goto(`${url}/conversations/${userId}`)
  await entry(ben, 'two').waitFor()
  await fieldOf(ben).fill('Hello Anna')
  await anna.getByRole('heading', { name: 'Ben' }).waitFor()
  await ben.keyboard.press('Enter')
  await entry(anna, 'one').getByText('Read').waitFor()
  // From now on they are told of one another.
  await ben.keyboard.type('I')
  await anna.getByText('typing…').first().waitFor()
  await anna.getByRole('log').getByText('Ben: Hello Anna').waitFor({ state: 'attached' })
})

t.test('nothing is read that nobody looks at', async t => {
  const { page, userId } = await talkToBob(t, 'Carla')
  await bob.say(userId, 'first')
  await entry(page, 'first').waitFor()
  const unread = async () => (await new TestUser(app, userId).get('/conversations/bob')).json<{ unreadCount: number }>().unreadCount
  while (await unread() !== 0) await page.waitForTimeout(50)
  await setHidden(page, true)
  await bob.say(userId, 'second')
  await entry(page, 'second').waitFor()
  await page.waitForTimeout(300)
  t.equal(await unread(), 1)
  await setHidden(page, false)
  while (await unread() !== 0) await page.waitForTimeout(50)
})

t.test('without a network messages wait, and go out in order', async t => {
  const { page, userId } = await talkToBob(t, 'Dora')
  await fieldOf(page).fill('zero')
  await page.keyboard.press('Enter')
  await entry(page, 'zero').getByText('Delivered').waitFor()
  await page.context().setOffline(true)
  for (const text of ['one', 'two']) {
    await fieldOf(page).fill(text)
    await page.keyboard.press('Enter')
    await entry(page, text).getByText('Waiting for a connection').waitFor()
  }
  await page.context().setOffline(false)
  await entry(page, 'two').getByText('Delivered').waitFor()
  const { messages } = (await bob.get(`/${userId}?order=asc`)).json<{ messages: Array<{ text: string }> }>()
  t.same(messages.map(({ text }) => text), ['zero', 'one', 'two'])
})

t.test('what is too long can\'t be sent; what the server refuses says why, and can be taken back or discarded', async t => {
  const { page } = await talkToBob(t, 'Emil')
  const send = page.getByRole('button', { name: 'Send' })
  await fieldOf(page).fill('a'.repeat(3990))
  await page.getByText('10 characters left').waitFor()
  await fieldOf(page).fill('\u{1f50c}'.repeat(4001))
  await page.getByText('1 character too many').waitFor()
  t.equal(await send.isDisabled(), true)
  t.same(await axe(page), [])
  // Each of them takes six bytes on the way, and that is more than a request may have.
  const heavy = `heavy${'\u0001'.repeat(3000)}!`
  await fieldOf(page).fill(heavy)
  await send.click()
  await entry(page, 'heavy').getByText('Not sent').waitFor()
  t.same(await axe(page), [])
  await fieldOf(page).fill('meanwhile')
  await page.getByRole('button', { name: 'Edit' }).click()
  await entry(page, 'heavy').waitFor({ state: 'detached' })
  t.equal(await fieldOf(page).inputValue(), `${heavy}\nmeanwhile`)
})

/** How many things are kept in the browser for the next time. */
async function keptIn (page: Page): Promise<number> {
  return await page.evaluate(async () => await new Promise<number>((resolve, reject) => {
    const opening = indexedDB.open('equilux-chat')
    opening.onerror = () => reject(opening.error ?? new Error('It does not open'))
    opening.onsuccess = () => {
      const counting = opening.result.transaction('kept').objectStore('kept').count()
      opening.result.close()
      counting.onsuccess = () => resolve(counting.result)
      counting.onerror = () => reject(counting.error ?? new Error('It can not be read'))
    }
  }))
}

t.test('what is being written stays with its conversation, through a reload as well; nothing stays when one signs out', async t => {
  const { page } = await talkToBob(t, 'Fay')
  await new TestUser(app, 'gil', { name: 'Gil' }).get('/users')
  await fieldOf(page).fill('for Bob')
  await page.getByRole('searchbox').fill('gil')
  await page.getByRole('option', { name: 'Gil' }).click()
  await page.getByRole('heading', { name: 'Gil' }).waitFor()
  t.equal(await fieldOf(page).inputValue(), '')
  await page.goto(`${url}/conversations/bob`)
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'for Bob')
  await page.getByRole('link', { name: 'Settings' }).click()
  while (await keptIn(page) === 0) await page.waitForTimeout(50)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  while (await keptIn(page) > 0) await page.waitForTimeout(50)
  t.same(await page.evaluate(() => Object.keys(sessionStorage).filter(place => place.startsWith('equilux:draft'))), [])
})

t.test('the keys go through the messages, and links lead out safely', async t => {
  const { page, userId } = await talkToBob(t, 'Hanna')
  for (const text of ['one', 'see https://example.org/a.', '<b>three</b>']) await bob.say(userId, text)
  await entry(page, '<b>three</b>').waitFor()
  const link = page.getByRole('link', { name: 'https://example.org/a', exact: true })
  t.same(await Promise.all(['href', 'rel'].map(name => link.getAttribute(name))), ['https://example.org/a', 'noopener noreferrer nofollow'])
  await entry(page, 'three').focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  t.match(await page.locator('article:focus').textContent(), /one/)
  await page.keyboard.press('End')
  t.match(await page.locator('article:focus').textContent(), /three/)
})

/** What this browser has loads a model for each language from its maker's servers. Text, because classes don't get there as they are. */
const translates = `
  globalThis.LanguageDetector = { create: async () => ({ detect: async () => [{ detectedLanguage: 'de', confidence: 1 }], destroy () {} }) }
  globalThis.Translator = { availability: async () => 'available', create: async () => ({ translate: async text => 'EN ' + text, destroy () {} }) }
`

t.test('where the browser can translate, it does so beside the original; where it can\'t, there is no button', async t => {
  const { page, userId } = await talkToBob(t, 'Ines')
  await page.addInitScript({ content: translates })
  await page.reload()
  await bob.say(userId, 'Guten Morgen')
  await entry(page, 'Guten Morgen').hover()
  await page.getByRole('button', { name: 'Translate' }).click()
  await entry(page, 'Guten Morgen').getByText('EN Guten Morgen').waitFor()
  await page.getByText('Translated from German on this device. Only the original counts.').waitFor()
  await page.addInitScript({ content: 'delete globalThis.Translator' })
  await page.reload()
  await entry(page, 'Guten Morgen').waitFor()
  t.equal(await page.getByRole('button', { name: 'Translate' }).count(), 0)
})

t.test('every word comes from the catalogue', async t => {
  const { page, userId } = await talkToBob(t, '123', { path: '?locale=en-XA' })
  await bob.say(userId, '456')
  await entry(page, '456').waitFor()
  t.same(await axe(page), [])
  t.same(await untranslated(page), [], 'a message')
  await bob.post(`/${userId}`, opening())
  await page.getByRole('button', { name: pseudo('trades.accept') }).waitFor()
  t.same(await untranslated(page), [], 'an offer')
  for (const action of ['trades.accept', 'trades.counter', 'chat.makeOffer'] as const) {
    await page.getByRole('button', { name: pseudo(action) }).click()
    await page.getByRole('dialog').getByRole('button').last().waitFor()
    t.same(await untranslated(page), [], action)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  for (const action of ['safety.block', 'safety.report'] as const) {
    await page.getByRole('button', { name: pseudo('safety.menu') }).click()
    const item = page.getByRole('menuitem', { name: pseudo(action) })
    await item.waitFor()
    t.same(await untranslated(page), [], 'the menu')
    await item.click()
    const dialog = page.locator('[role=dialog], [role=alertdialog]')
    await dialog.getByRole('button').last().waitFor()
    t.same(await untranslated(page), [], action)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
})

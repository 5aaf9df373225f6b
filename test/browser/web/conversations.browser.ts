import t from 'tap'
import { TestSocket, TestUser } from '../../support/helper.js'
import { userIdOf } from './history.js'
import { axe, openPage, signIn, startSite } from './site.js'

const site = await startSite(t)
const { app, url } = site
const user = (id: string, name: string) => new TestUser(app, id, { name })

t.test('who has no conversation yet searches for somebody by keyboard and is in a thread', async t => {
  await user('bob', 'Bob Wind').get('/users')
  await user('bea', 'Bea').get('/users')
  const page = await openPage(t, site)
  await signIn(page, 'Anna')
  await page.getByRole('heading', { name: 'No conversations yet' }).waitFor()
  await page.getByRole('link', { name: 'Bea' }).waitFor()
  t.same(await axe(page), [])
  const search = page.getByRole('searchbox', { name: 'Search for people' })
  await search.fill('xyz')
  await page.getByText('Nobody’s name begins with “xyz”.').waitFor()
  await search.fill('b')
  await page.getByRole('option', { name: 'Bea' }).waitFor()
  t.same(await axe(page), [])
  await search.fill('bo')
  await page.getByRole('option', { name: 'Bea' }).waitFor({ state: 'detached' })
  await page.getByRole('option', { name: 'Bob Wind' }).waitFor()
  if (await page.locator('[role=option][data-focused]').count() === 0) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Bob Wind' }).waitFor()
  t.match(page.url(), /\/conversations\/bob$/)
  await page.locator('textarea:focus').waitFor()
  await page.keyboard.type('Hello Bob')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'You: Hello Bob' }).waitFor()
})

t.test('the list shows strangers, what is unread, who is there and who types; what is muted isn\'t counted', async t => {
  const page = await openPage(t, site)
  await signIn(page, 'Ada')
  const ada = await userIdOf(app, 'Ada')
  await page.getByRole('heading', { name: 'No conversations yet' }).waitFor()
  const eve = user('eve', 'Eve')
  await eve.say(ada, 'Good morning')
  const link = page.getByRole('link', { name: /Eve/ })
  await link.getByText('Good morning').waitFor()
  await link.getByText('1 unread message').waitFor()
  await page.getByRole('navigation').getByText('1 unread message').waitFor()
  await new TestUser(app, ada, { name: 'Ada' }).say('eve', 'Hello')
  const socket = await TestSocket.open(t, url, eve)
  await link.getByTitle('Online').waitFor()
  socket.send({ type: 'typing', data: { userId: ada } })
  await link.getByText('typing…').waitFor()
  socket.send({ type: 'stopTyping', data: { userId: ada } })
  await link.getByText('You: Hello').waitFor()
  await link.click()
  await link.getByText('1 unread message').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Mute' }).click()
  await link.getByRole('img', { name: 'Muted' }).waitFor()
  await page.goto(`${url}/conversations`)
  await eve.say(ada, 'Are you there?')
  await link.getByText('1 unread message').waitFor()
  t.equal(await page.getByRole('navigation').getByText('unread message').count(), 0)
})

t.test('more conversations come while one scrolls, and the arrow keys go through them', async t => {
  const page = await openPage(t, site)
  await signIn(page, 'Abel')
  const abel = await userIdOf(app, 'Abel')
  await Promise.all(Array.from({ length: 34 }, async (_, n) => await user(`n${n}`, `Neighbour ${n}`).say(abel, `Hello ${n}`)))
  await page.reload()
  const links = page.getByRole('link', { name: /^Neighbour/ })
  await links.first().waitFor()
  await links.first().focus()
  await page.keyboard.press('ArrowDown')
  t.equal(await links.nth(1).evaluate(link => link === document.activeElement), true)
  await page.waitForFunction(() => {
    const links = document.querySelectorAll('a[href*="/conversations/n"]')
    links[links.length - 1]?.scrollIntoView()
    return links.length === 34
  }, undefined, { polling: 100 })
})

t.test('on a telephone there is one or the other, in Arabic from right to left', async t => {
  const page = await openPage(t, site, { width: 360, height: 740, locale: 'ar', dark: true })
  await signIn(page, 'Aziz')
  const aziz = await userIdOf(app, 'Aziz')
  await user('bob', 'Bob Wind').say(aziz, 'See https://example.org')
  await page.getByRole('link', { name: /Bob Wind/ }).click()
  await page.getByRole('article').waitFor()
  t.equal(await page.getByRole('searchbox').isVisible(), false)
  t.equal(await page.evaluate(() => document.documentElement.dir), 'rtl')
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
  t.same(await axe(page), [])
  await page.getByRole('button', { name: 'كل المحادثات' }).click()
  await page.getByRole('searchbox').waitFor()
})

/** What the system shows can't be looked at, so the page keeps what it is given. Text, because a class doesn't get there as it is. */
const keepsNotifications = `
  localStorage.setItem('equilux:preferences', JSON.stringify({ notifications: true }))
  globalThis.told = []
  globalThis.Notification = class extends Notification { constructor (...args) { super(...args); told.push(this) } }
`

t.test('while the page is hidden the system tells of messages, if the reader wants that, and a click opens the thread', async t => {
  const page = await openPage(t, site)
  await page.context().grantPermissions(['notifications'])
  await page.addInitScript({ content: keepsNotifications })
  await page.reload()
  await signIn(page, 'Alva')
  const alva = await userIdOf(app, 'Alva')
  await page.getByRole('heading', { name: 'No conversations yet' }).waitFor()
  await page.evaluate(() => { Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' }) })
  await user('bea', 'Bea').say(alva, 'Wind is coming up')
  await page.waitForFunction(() => (window as unknown as { told: Notification[] }).told.length > 0, undefined, { polling: 50 })
  const told = await page.evaluate(() => (window as unknown as { told: Notification[] }).told.map(notification => {
    notification.onclick?.(new Event('click'))
    return [notification.title, notification.body]
  }))
  t.same(told, [['Bea', 'Wind is coming up']])
  await page.getByRole('heading', { name: 'Bea' }).waitFor()
})

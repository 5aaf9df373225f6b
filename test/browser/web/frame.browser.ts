import { gzipSync } from 'node:zlib'
import type { Locator, Page, Request, Route } from 'playwright-core'
import t from 'tap'
import { TestUser } from '../../support/helper.js'
import { approach } from './history.js'
import { axe, openPage, signIn, startSite } from './site.js'
import { untranslated } from './words.js'

const site = await startSite(t)
const eve = new TestUser(site.app, 'eve', { name: 'Eve' })
await approach(new TestUser(site.app, 'anna', { name: 'Anna' }), eve)

t.test('one gets everywhere by the keyboard, and each view has the focus as it comes', async t => {
  const page = await openPage(t, site, { path: '/settings' })
  await signIn(page, 'Anna')
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  t.equal(await page.title(), 'Settings · Equilux')
  await page.reload()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content')
  await page.keyboard.press('Enter')
  t.equal(await page.evaluate(() => document.activeElement?.id), 'main')
  await page.getByRole('link', { name: 'Trades' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/trades')
  await page.locator('main:focus, main :focus').waitFor()
  await page.waitForFunction(() => document.title === 'Trades · Equilux')
  await eve.say('anna', 'Good morning')
  await page.waitForFunction(() => document.title === '(1) Trades · Equilux')
  await page.getByRole('navigation').getByText('1 unread message').waitFor()
})

t.test('what is chosen in the settings holds at once and stays', async t => {
  const page = await openPage(t, site, { path: '/settings' })
  await signIn(page, 'Anna')
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  t.same(await axe(page), [])
  await page.getByText('Dark', { exact: true }).click()
  t.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme), 'dark')
  t.same(await axe(page), [], 'dark')
  await page.getByText('Cents per kWh').click()
  await page.getByRole('button', { name: /Language/ }).click()
  await page.getByRole('option', { name: 'العربية' }).click()
  await page.getByRole('heading', { name: 'الإعدادات' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'الإعدادات' }).waitFor()
  t.same(await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang, document.documentElement.dataset.theme]), ['rtl', 'ar', 'dark'])
  t.equal(await page.getByRole('radio', { name: 'سنت لكل ك.و.س' }).isChecked(), true)
  await page.setViewportSize({ width: 360, height: 740 })
  t.same(await axe(page), [], 'narrow, from right to left')
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, 'nothing sticks out')
})

t.test('every word goes through the catalogue', async t => {
  const page = await openPage(t, site, { path: '/settings?locale=en-XA' })
  await page.locator('input[name=name]').waitFor()
  t.same(await untranslated(page), [], 'signing in')
  await signIn(page, 'Anna')
  await page.locator('main h1').waitFor()
  t.same(await untranslated(page), [], 'settings')
  for (const view of ['conversations', 'trades']) {
    await page.locator(`nav a[href="/${view}"]`).click()
    await page.locator(`nav a[href="/${view}"][aria-current=page]`).waitFor()
    await page.locator('main [role=status]').waitFor({ state: 'detached' })
    t.same(await untranslated(page), [], view)
  }
})

/**
 * What a page asks for before it shows something, while the largest part of the app is held back until all else is there that is awaited:
 * nothing may be asked for only when that has come. @returns the bytes of it as they are sent, and of its scripts as gzip makes them
 */
async function sizeOfLoading (page: Page, path: string, awaited: RegExp[], shown: Locator): Promise<{ sent: number, scripts: number, late: string[] }> {
  const asked: Request[] = []
  page.on('request', request => asked.push(request))
  let held: Route | undefined
  await page.route('**/assets/start-*.js', route => { held = route })
  await page.goto(site.url + path, { waitUntil: 'commit' })
  for (const file of [/start-/, ...awaited]) while (!asked.some(request => file.test(request.url()))) await page.waitForEvent('request')
  const early = asked.length
  await held?.continue()
  await shown.waitFor()
  await page.unrouteAll()
  const needed = await Promise.all(asked.slice(0, early).map(async request => {
    const response = await request.response()
    const { responseBodySize, responseHeadersSize } = await request.sizes()
    const script = response !== null && request.url().endsWith('.js') ? gzipSync(await response.body()).length : 0
    return { sent: responseBodySize + responseHeadersSize, script }
  }))
  return {
    sent: needed.reduce((sum, { sent }) => sum + sent, 0),
    scripts: needed.reduce((sum, { script }) => sum + script, 0),
    late: asked.slice(early).map(request => new URL(request.url()).pathname.replace(/-[\w-]{8}\.js$/, '')).filter(name => name.startsWith('/assets'))
  }
}

t.test('on a slow network the first view comes soon: little is sent for it, and all of that is asked for at once', async t => {
  const page = await openPage(t, site, { path: '/app-config.json' })
  const signingIn = await sizeOfLoading(page, '/', [/app-config/, /\/en-/, /\/sign-in-/], page.locator('input[name=name]'))
  t.comment(`to sign in: ${signingIn.sent} bytes`)
  t.ok(signingIn.sent > 50_000 && signingIn.sent < 125_000, 'that is 2.5 s at 400 kbit/s')
  await signIn(page, 'Anna')
  const eves = page.getByRole('link', { name: /Eve/ })
  await eves.waitFor()
  const list = await sizeOfLoading(page, '/conversations', [/app-config/, /\/en-/, /\/conversations-/], eves)
  t.comment(`for the conversations: ${list.sent} bytes, ${list.scripts} of script with gzip`)
  t.ok(list.sent > 50_000 && list.sent < 145_000, 'that is 2.9 s at 400 kbit/s')
  t.ok(list.scripts <= 180_000)
  t.same(list.late.filter(name => !/people|dialogs/.test(name)), [], 'nothing but the search comes later')
  const thread = await sizeOfLoading(page, '/conversations/eve', [/app-config/, /\/en-/, /\/conversations-/, /\/thread-/], page.getByRole('article').first())
  t.comment(`for a thread: ${thread.sent} bytes`)
  t.ok(thread.sent > list.sent && thread.sent < list.sent + 30_000, 'a thread takes one part more, without its menu and windows')
})

t.test('from the second visit on the app starts without the server, and shows what was there', async t => {
  const away = await startSite(t)
  await approach(new TestUser(away.app, 'anna', { name: 'Anna' }), new TestUser(away.app, 'eve', { name: 'Eve' }), 'See you later')
  const page = await openPage(t, away, { serviceWorker: true })
  await signIn(page, 'Anna')
  await page.getByRole('link', { name: /Eve/ }).waitFor()
  await page.evaluate(async () => { await navigator.serviceWorker.ready })
  await page.reload()
  await page.getByRole('link', { name: /Eve/ }).waitFor()
  await page.waitForFunction(async () => (await indexedDB.databases()).length > 0)
  await away.app.close()
  await page.goto(`${away.url}/trades`)
  await page.getByText('There is no connection to the server.').waitFor()
  await page.getByRole('link', { name: 'Conversations' }).click()
  await page.getByRole('link', { name: /Eve/ }).getByText('See you later').waitFor()
  t.equal(new URL(page.url()).pathname, '/conversations')
})

import { once } from 'node:events'
import { appendFile, cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { TestSocket, TestUser } from '../../support/helper.js'
import { userIdOf } from './history.js'
import { axe, built, openPage, signIn, startSite } from './site.js'

// A copy, of which there will be a new version.
const webApp = t.testdir()
await cp(built, webApp, { recursive: true })
const site = await startSite(t, { webApp, hubLimits: { connectionsPerUser: 1 } })
const { app, url } = site
await new TestUser(app, 'bob', { name: 'Bob' }).get('/users')

t.test('without a connection it is said when the next attempt is, and one needn\'t wait for it', async t => {
  const page = await openPage(t, site, { path: '/settings' })
  await signIn(page, 'Anna')
  let isDown = true
  await page.routeWebSocket(/\/api\/ws/, socket => {
    if (isDown) socket.close()
    else socket.connectToServer()
  })
  await page.route('**/api/**', async route => isDown ? await route.abort() : await route.continue())
  await page.clock.install()
  await page.reload()
  await page.getByText('There is no connection to the server.').waitFor()
  t.same(await axe(page), [])
  await page.getByText(/^Next attempt in (?:[4-9]|\d\d) s\.$/).waitFor()
  // The clock stands still, and goes on for less than that.
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 200))
  await page.getByText('Next attempt in').waitFor()
  isDown = false
  await page.getByRole('button', { name: 'Try now' }).click()
  await page.clock.runFor(2000)
  await page.getByText('There is no connection to the server.').waitFor({ state: 'detached' })
})

t.test('where the chat went on elsewhere one can take it back', async t => {
  const page = await openPage(t, site)
  await signIn(page, 'Berta')
  const berta = new TestUser(app, await userIdOf(app, 'Berta'), { name: 'Berta' })
  await page.getByRole('heading', { name: 'No conversations yet' }).waitFor()
  const elsewhere = new TestSocket(url)
  t.teardown(() => elsewhere.socket.terminate())
  await once(elsewhere.socket, 'open')
  elsewhere.send({ type: 'auth', data: { token: berta.token, takeOver: true } })
  await page.getByText('The chat is open in too many places.').waitFor()
  t.same(await axe(page), [])
  await page.getByRole('button', { name: 'Use it here' }).click()
  t.match(await elsewhere.closed, { reason: 'taken_over' })
  await page.getByText('The chat is open in too many places.').waitFor({ state: 'detached' })
})

t.test('whose session has become another\'s is told that it has ended, and signs in again', async t => {
  const page = await openPage(t, site, { path: '/settings' })
  await signIn(page, 'Carla')
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  const expired = app.jwt.sign({ sub: await userIdOf(app, 'Carla'), name: 'Carla', exp: 1 })
  const { token } = new TestUser(app, 'somebody-else')
  await page.route('**/sign-in', async route => route.request().method() === 'POST' ? await route.fulfill({ json: { token } }) : await route.continue())
  await page.evaluate(kept => sessionStorage.setItem('equilux:name', kept), JSON.stringify({ name: 'Carla', token: expired }))
  await page.reload()
  await page.getByText('Your session has ended.').waitFor()
  t.same(await axe(page), [])
  await page.getByRole('button', { name: 'Sign in again' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

t.test('what breaks in a view leaves the others alone', async t => {
  const page = await openPage(t, site, { path: '/settings' })
  await signIn(page, 'Dora')
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await page.route('**/assets/trades-*.js', async route => await route.abort())
  await page.getByRole('link', { name: 'Trades' }).click()
  await page.getByRole('heading', { name: 'Something went wrong', level: 1 }).waitFor()
  t.same(await axe(page), [])
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await page.unrouteAll()
  await page.getByRole('link', { name: 'Trades' }).click()
  await page.getByRole('button', { name: 'Reload' }).or(page.getByRole('heading', { name: 'Trades', level: 1 })).first().waitFor()
})

t.test('notifications are asked for in the settings, and switched off there', async t => {
  const page = await openPage(t, site, { path: '/settings' })
  await page.context().grantPermissions(['notifications'])
  await signIn(page, 'Eva')
  const toggle = page.getByRole('switch', { name: 'Tell me of new messages' })
  const isKept = async () => await page.evaluate(() => (JSON.parse(localStorage.getItem('equilux:preferences') ?? '{}') as { notifications?: boolean }).notifications)
  t.equal(await toggle.isChecked(), false)
  await toggle.press('Space')
  await page.waitForFunction(() => localStorage.getItem('equilux:preferences')?.includes('"notifications":true'))
  t.equal(await toggle.isChecked(), true)
  await toggle.press('Space')
  t.same([await toggle.isChecked(), await isKept()], [false, false])
  await page.addInitScript({ content: 'Object.defineProperty(Notification, "permission", { value: "denied" })' })
  await page.reload()
  await page.getByText('The browser refuses notifications').waitFor()
  t.equal(await toggle.isDisabled(), true)
})

t.test('what the server refuses is told in the app\'s language, also in another than the browser\'s', async t => {
  const page = await openPage(t, site, { path: '/conversations/bob' })
  await page.evaluate(() => localStorage.setItem('equilux:preferences', JSON.stringify({ language: 'de' })))
  await page.reload()
  await signIn(page, 'Frieda')
  // Each of them takes six bytes on the way, and that is more than a request may have.
  await page.locator('textarea').fill('\u0001'.repeat(3000))
  await page.keyboard.press('Enter')
  await page.getByText('Der Inhalt ist größer als 16 KiB').waitFor()
})

t.test('an address of nobody says so, in a page with a heading', async t => {
  const page = await openPage(t, site, { path: '/conversations/nobody-at-all' })
  await signIn(page, 'Gerda')
  await page.getByRole('heading', { name: 'Nobody is here by that name', level: 1 }).waitFor()
  t.same(await axe(page), [])
})

t.test('a new version of the app is offered, and loaded when the reader wants it', async t => {
  const page = await openPage(t, site, { path: '/settings', serviceWorker: true })
  await signIn(page, 'Helga')
  await page.evaluate(async () => { await navigator.serviceWorker.ready })
  await page.reload()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await Promise.all(['.br', '.gz'].map(async ending => await rm(join(webApp, `sw.js${ending}`))))
  await appendFile(join(webApp, 'sw.js'), '// newer\n')
  await page.evaluate(async () => { await (await navigator.serviceWorker.ready).update() })
  await page.getByText('A new version of this app is there.').waitFor()
  t.same(await axe(page), [])
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reload' }).click()])
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  t.equal(await page.getByText('A new version of this app is there.').count(), 0)
})

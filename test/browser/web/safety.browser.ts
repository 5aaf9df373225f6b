import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { TestUser } from '../../support/helper.js'
import { approach, userIdOf } from './history.js'
import { axe, openPage, signIn, startSite, type PageOptions } from './site.js'

const site = await startSite(t, { env: { FIRST_CONTACT: 'replies', ERASURE_GRACE_DAYS: '0', WORKER: 'on' } })
const { app, url } = site

/** Somebody who has signed in, with a view of theirs open. */
async function person (t: Test, name: string, options: PageOptions = {}): Promise<{ page: Page, user: TestUser }> {
  const page = await openPage(t, site, options)
  await signIn(page, name)
  return { page, user: new TestUser(app, await userIdOf(app, name), { name }) }
}

const fieldOf = (page: Page) => page.locator('textarea')
const entry = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })
const press = async (page: Page, name: string | RegExp) => await page.getByRole('button', { name, exact: true }).last().click()

async function write (page: Page, text: string) {
  await fieldOf(page).fill(text)
  await page.keyboard.press('Enter')
}

/** Chooses something from the thread's menu, by keyboard. */
async function choose (page: Page, name: string) {
  await page.getByRole('button', { name: 'More about this conversation' }).focus()
  await page.keyboard.press('Enter')
  const item = page.getByRole('menuitem', { name, exact: true })
  await item.waitFor()
  while (!await item.evaluate(item => item === document.activeElement)) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}

t.test('what a stranger writes is a request, apart from the conversations, until it is answered', async t => {
  const { page, user } = await person(t, 'Anna')
  const rita = new TestUser(app, 'rita', { name: 'Rita' })
  await rita.say(user.id, 'I have sun to sell')
  await press(page, 'Message requests 1 message request')
  await page.getByRole('link', { name: /Rita/ }).click()
  await page.getByRole('heading', { name: /Rita.? would like to talk to you/ }).waitFor()
  t.same(await axe(page), [])
  await press(page, 'Answer')
  t.equal(await fieldOf(page).evaluate(field => field === document.activeElement), true, 'to accept is to answer')
  await write(page, 'How much?')
  await page.getByText('would like to talk to you').waitFor({ state: 'detached' })
  await page.getByText('There are no message requests.').waitFor()
  await press(page, 'All conversations')
  await page.getByRole('link', { name: /Rita/ }).getByText('You: How much?').waitFor()
})

t.test('whoever has written enough to a stranger is told to wait, and goes on once there is an answer', async t => {
  const { page, user } = await person(t, 'Bert')
  const cora = new TestUser(app, 'cora', { name: 'Cora' })
  await cora.get('/users')
  await page.goto(`${url}/conversations/cora`)
  for (const text of ['one', 'two', 'three', 'four']) {
    await write(page, text)
    await entry(page, text).waitFor()
  }
  await page.getByText(/You can write more once .?Cora.? answers\./).last().waitFor()
  await entry(page, 'four').getByText('Not sent').waitFor()
  t.equal(await fieldOf(page).count(), 0)
  t.same(await axe(page), [])
  await cora.say(user.id, 'Hello Bert')
  await fieldOf(page).waitFor()
  await press(page, 'Discard')
  await entry(page, 'four').waitFor({ state: 'detached' })
})

t.test('who is blocked sees no more than that they can\'t write, and everything is as it was once it is taken back', async t => {
  const [{ page: dora, user }, { page: emil, user: other }] = await Promise.all([person(t, 'Dora'), person(t, 'Emil', { width: 360, height: 740 })])
  await approach(user, other)
  await other.say(user.id, 'Good morning')
  const startTime = new Date(Date.now() + 86_400_000).toISOString()
  await user.post(`/${other.id}`, { messageType: 'tradeOffer', pricePerUnit: 0.25, totalAmount: 10, startTime, tradeType: 'sell' })
  await Promise.all([dora.goto(`${url}/conversations/${other.id}`), emil.goto(`${url}/conversations/${user.id}`)])
  await emil.getByRole('button', { name: 'Accept' }).waitFor()

  await choose(dora, 'Block')
  const question = dora.getByRole('alertdialog', { name: /Block .?Emil.?\?/ })
  await question.getByText('Neither of you can write to the other.').waitFor()
  t.same(await axe(dora), [])
  await question.getByRole('button', { name: 'Block' }).click()
  await dora.getByText(/You have blocked .?Emil.?\./).waitFor()
  await dora.getByRole('img', { name: 'Blocked' }).waitFor()
  t.equal(await fieldOf(dora).count(), 0)

  await write(emil, 'Are you there?')
  await emil.getByText(/Dora.? can’t be written to at the moment\./).last().waitFor()
  await entry(emil, 'Are you there?').getByText('Not sent').waitFor()
  t.equal(await emil.getByRole('button', { name: 'Accept' }).isDisabled(), true)
  t.equal(await emil.getByText(/block/i).count(), 0)
  t.equal(await emil.evaluate(() => document.documentElement.scrollWidth), 360)
  t.same(await axe(emil), [])

  await dora.goto(`${url}/settings`)
  await press(dora, 'Unblock')
  await dora.getByText('You have blocked nobody.').waitFor()
  await emil.getByRole('main').getByRole('button', { name: 'Try again' }).last().click()
  await press(emil, 'Discard')
  await write(emil, 'Back again')
  await entry(emil, 'Back again').getByText(/Delivered|Read/).waitFor()
  t.equal(await emil.getByRole('button', { name: 'Accept' }).isEnabled(), true)
})

t.test('a report takes along the messages that were chosen, and the user is blocked as well', async t => {
  const { page, user } = await person(t, 'Fay')
  const gus = new TestUser(app, 'gus', { name: 'Gus' })
  await gus.say(user.id, 'harmless')
  await gus.say(user.id, 'an insult')
  await page.goto(`${url}/conversations/gus`)
  await entry(page, 'an insult').waitFor()
  await press(page, 'Report')
  const form = page.getByRole('dialog', { name: /Report .?Gus.?/ })
  await form.getByRole('button', { name: 'Send report' }).click()
  await form.getByText('Choose what is wrong.').waitFor()
  await form.getByText('Insults or threats').click()
  await form.getByLabel(/What else should be known/).fill('Twice')
  await form.getByText('an insult').click()
  await form.getByText(/Block .?Gus.? as well/).click()
  t.same(await axe(page), [])
  await form.getByRole('button', { name: 'Send report' }).click()
  await form.getByText('Thank you. Your report has arrived.').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await form.waitFor({ state: 'detached' })
  await page.getByText(/You have blocked .?Gus.?\./).waitFor()
  const { data: [report, ...others] } = await app.entities.entities.report.scan.go()
  t.match(report, { reporterId: user.id, userId: 'gus', reason: 'abuse', note: 'Twice' })
  t.same(report?.messages.map(({ text }: { text: string }) => text), ['an insult'])
  t.equal(others.length, 0)
})

t.test('what is muted for an hour is neither counted nor forgotten', async t => {
  const { page, user } = await person(t, 'Hedy')
  const ivo = new TestUser(app, 'ivo', { name: 'Ivo' })
  await approach(user, ivo)
  await page.goto(`${url}/conversations/ivo`)
  await choose(page, 'Mute for 1 hour')
  await page.getByRole('img', { name: /^Muted until/ }).waitFor()
  await page.goto(`${url}/conversations`)
  await ivo.say(user.id, 'News')
  await page.getByRole('link', { name: /Ivo/ }).getByText('1 unread message').waitFor()
  await page.getByRole('link', { name: /Ivo/ }).getByRole('img', { name: 'Muted' }).waitFor()
  t.equal(await page.getByRole('navigation').getByText('unread message').count(), 0)
})

t.test('one takes one\'s data along, and leaves: what one wrote is erased for the others too', async t => {
  const [{ page: jana, user }, { page: kai, user: other }] = await Promise.all([person(t, 'Jana', { width: 360, height: 740, dark: true }), person(t, 'Kai')])
  await approach(user, other, 'My secret')
  await other.say(user.id, 'My answer')
  await kai.goto(`${url}/conversations/${user.id}`)
  await entry(kai, 'My secret').waitFor()

  await jana.goto(`${url}/settings`)
  const [file] = await Promise.all([jana.waitForEvent('download'), press(jana, 'Download my data')])
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n').map(line => JSON.parse(line) as { type: string, message?: { text: string } })
  t.match(file.suggestedFilename(), /^equilux-\d{4}-\d\d-\d\d\.ndjson$/)
  t.same(lines.flatMap(({ message }) => message === undefined ? [] : [message.text]), ['My secret', 'My answer'])
  await jana.getByText(`The file with ${lines.length} entries is among your downloads.`).waitFor()

  await press(jana, 'Delete my account')
  const question = jana.getByRole('alertdialog', { name: 'Delete your account?' })
  await question.getByText(/^The terms of accepted trades stay/).waitFor()
  t.same(await axe(jana), [])
  await question.getByRole('textbox').fill('Kai')
  await question.getByRole('button', { name: 'Delete account' }).click()
  await question.getByText(/That is something else than/).waitFor()
  await question.getByRole('textbox').fill('Jana')
  await jana.keyboard.press('Enter')
  await jana.getByRole('heading', { name: 'Your account is being deleted' }).waitFor()
  await jana.reload()
  await jana.getByText('What you wrote is being erased.').waitFor()
  t.same(await axe(jana), [])

  const isErased = async () => (await other.get(`/${user.id}`)).json<{ messages: Array<{ erased?: true }> }>().messages.some(({ erased }) => erased)
  while (!await isErased()) await kai.waitForTimeout(100)
  // What the browser has kept is no longer so.
  await kai.reload()
  await entry(kai, 'This message was erased').waitFor()
  await entry(kai, 'My answer').waitFor()
  t.equal(await kai.getByText('My secret').count(), 0)
  t.same(await axe(kai), [])
})

t.test('whoever signed in long ago signs in again before an account is deleted', async t => {
  const { page, user } = await person(t, 'Lola', { locale: 'ar', width: 360, height: 740 })
  const token = app.jwt.sign({ sub: user.id, name: 'Lola', iat: Math.floor(Date.now() / 1000) - 600 }, { expiresIn: '1h' })
  await page.evaluate(kept => sessionStorage.setItem('equilux:name', kept), JSON.stringify({ name: 'Lola', token }))
  await page.goto(`${url}/settings`)
  await press(page, 'حذف حسابي')
  const question = page.getByRole('alertdialog')
  await question.getByRole('textbox').fill('Lola')
  await page.keyboard.press('Enter')
  await question.getByText(/سجّل الدخول من جديد/).waitFor()
  t.same(await axe(page), [])
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await signIn(page, 'Lola')
  await page.getByRole('heading', { name: 'بياناتك' }).waitFor()
})

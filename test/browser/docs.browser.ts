import type { Page } from 'puppeteer-core'
import t from 'tap'
import { serverFrameSchemas } from '../../schemas/events.js'
import { closeCodes } from '../../src/wire/close-codes.js'
import { axe } from '../support/axe.js'
import { startChromium } from '../support/chromium.js'
import { listen, testApp, TestUser } from '../support/helper.js'

const app = await testApp(t)
const url = await listen(app)
const [alice, bob] = ['alice', 'bob'].map(id => new TestUser(app, id)) as [TestUser, TestUser]
const browser = await startChromium(t)
const page = await browser.newPage()
await page.setViewport({ width: 1280, height: 1000 })
const errors: string[] = []
page.on('pageerror', error => { errors.push(String(error)) })
page.on('console', message => { if (message.type() === 'error') errors.push(message.text()) })
page.on('request', request => { if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) errors.push(`it asks ${request.url()}`) })
await page.goto(`${url}/docs`)

/** Shows a part of the page. @returns a selector of it */
async function show (page: Page, name: string): Promise<string> {
  await page.evaluate(name => { location.hash = name }, name)
  const section = `section[id="api-1/${name}"]`
  await page.waitForSelector(section, { timeout: 30_000 })
  return section
}

const textOf = async (selector: string) => await page.$eval(selector, element => element.textContent ?? '')

/**
 * What of the renderer's own can't be mended from outside: "Show More" is called otherwise by its label, and below a long answer there is a part
 * that scrolls but can't have the focus.
 */
const renderersFaults = ['label-content-name-mismatch', 'scrollable-region-focusable']

/** Waits until a part says something: what isn't in sight is rendered when it comes. */
async function says (selector: string, text: string): Promise<void> {
  await page.waitForFunction((selector, text) => document.querySelector(selector)?.textContent?.includes(text), { timeout: 30_000 }, selector, text)
}

t.test('what is tried with a token succeeds at once', async t => {
  await bob.say('alice', 'hello')
  await page.locator('input[placeholder="Token"]').fill(alice.token)
  const section = await show(page, 'tag/conversations/GET/api/messages/conversations')
  await page.locator(`${section} .show-api-client-button`).click()
  const answered = page.waitForResponse(response => response.url().includes('/api/messages/conversations'), { timeout: 30_000 })
  await page.locator('[role=dialog] button::-p-text(Send)').click()
  const response = await answered
  t.equal(response.status(), 200)
  t.match(await response.json(), { conversations: [{ otherUser: { userId: 'bob' } }] })
  t.same(errors, [])
})

t.test('an operation comes with examples in three languages, and its errors folded', async t => {
  await page.goto(`${url}/docs`)
  const section = await show(page, 'tag/messages/POST/api/messages/{userId}')
  await says(section, 'curl')
  t.same(await axe(page, renderersFaults), [])
  await page.locator(`${section} button::-p-text(Curl)`).click()
  await says('body', 'TypeScript')
  await says('body', 'Python')
  t.notMatch(await textOf(section), /requestId/, 'no problem is unfolded')
})

t.test('it can be used by all on a narrow, dark screen too', async t => {
  await page.setViewport({ width: 360, height: 740 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
  await page.goto(`${url}/docs`)
  await says(await show(page, 'tag/messages/POST/api/messages/{userId}'), 'curl')
  t.ok(await page.$('body.dark-mode'))
  t.same(await axe(page, renderersFaults), [])
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, 'nothing sticks out')
  await page.locator('button::-p-aria(Open Menu)').click()
  await page.waitForSelector('::-p-aria(Introduction)')
  await page.setViewport({ width: 1280, height: 1000 })
})

t.test('it tells of the live events, from the AsyncAPI document, and of close codes', async t => {
  const socket = await show(page, 'tag/live/GET/api/ws')
  await says(socket, 'Close codes')
  for (const { code } of Object.values(closeCodes)) t.match(await textOf(socket), String(code))
  const document = await (await fetch(`${url}/docs/document.json`)).json() as { webhooks: Record<string, object> }
  for (const type of Object.keys(serverFrameSchemas)) t.ok(`server${type.charAt(0).toUpperCase()}${type.slice(1)}` in document.webhooks, type)
  await says(await show(page, 'tag/live-events/webhook/POST/servernewmessage'), 'A message that the user sent or received')
  t.same(errors, [])
})

import type { Page } from 'puppeteer-core'
import t from 'tap'
import { closeCodes } from '../../src/wire/close-codes.js'
import { startChromium } from '../support/chromium.js'
import { listen, testApp, TestUser } from '../support/helper.js'

const app = await testApp(t)
const url = await listen(app)
const [alice, bob] = ['alice', 'bob'].map(id => new TestUser(app, id)) as [TestUser, TestUser]
const browser = await startChromium(t)
const page = await browser.newPage()
const errors: string[] = []
page.on('pageerror', error => { errors.push(String(error)) })
page.on('console', message => { if (message.type() === 'error') errors.push(message.text()) })
await page.goto(`${url}/docs`, { waitUntil: 'networkidle0' })

/** Unfolds an operation. @returns a selector of its part of the page */
async function unfold (page: Page, tag: string, operationId: string): Promise<string> {
  const block = `#operations-${tag}-${operationId}`
  await page.locator(`${block} .opblock-summary-control`).click()
  return block
}

/** Tries an operation as it is filled in. @returns status and body */
async function execute (page: Page, block: string) {
  await page.locator(`${block} .execute`).click()
  const answer = await page.waitForSelector(`${block} .live-responses-table .response`)
  return await answer!.evaluate(row => ({
    status: row.querySelector('.response-col_status')?.textContent, body: row.querySelector('.highlight-code code')?.textContent ?? ''
  }))
}

t.test('what is tried with a pasted token succeeds at once', async t => {
  await bob.say('alice', 'hello')
  await page.locator('.auth-wrapper .authorize').click()
  await page.locator('.auth-container input').click()
  await page.keyboard.sendCharacter(alice.token)
  await page.locator('.auth-btn-wrapper .authorize').click()
  await page.locator('.auth-btn-wrapper .btn-done').click()

  const listed = await execute(page, await unfold(page, 'conversations', 'listConversations'))
  t.equal(listed.status, '200')
  t.match(JSON.parse(listed.body), { conversations: [{ otherUser: { userId: 'bob' } }] })

  const sent = await execute(page, await unfold(page, 'messages', 'sendMessage'))
  t.equal(sent.status, '201', sent.body)
  t.match(JSON.parse(sent.body), { senderId: 'alice', messageType: 'text' })
  t.same(errors, [])
})

t.test('it tells of the WebSocket: frames and close codes', async t => {
  const block = await unfold(page, 'live', 'openWebSocket')
  const description = await page.waitForSelector(`${block} .opblock-description`)
  const text = await description!.evaluate(element => element.textContent ?? '')
  for (const frame of ['auth', 'resume', 'connected', 'newMessage', 'tradeResponse', 'resumed', 'ping']) t.match(text, frame)
  for (const { code } of Object.values(closeCodes)) t.match(text, String(code))
})

import t from 'tap'
import { startChromium } from '../support/chromium.js'
import { liveApp } from '../support/live.js'
import { open as openOffer } from '../support/trades.js'
import { ChatSite, shows, textsOn, waitFor, write } from './chat-site.js'

const browser = await startChromium(t)

for (const example of ['react-chat.tsx', 'dom-chat.ts']) {
  t.test(`${example} shows conversations, messages and offers, and sends and accepts`, async t => {
    const { url, user } = await liveApp(t)
    const [ann, bob] = [user('ann'), user('bob')]
    const site = await ChatSite.open(t, `client/examples/${example}`, url)
    // None of them is the beginning of another.
    const texts = Array.from({ length: 40 }, (_, n) => `earlier ${n + 10}`)
    for (const text of texts) await bob.say('ann', text)
    const page = await site.visit(browser, 'ann')
    await shows(page, '[role=status]', 'live')
    await shows(page, 'nav button', 'bob')
    await shows(page, 'nav button', '40')
    await page.locator('nav button').click()
    await shows(page, 'li > span', 'earlier 49')
    await waitFor(page, () => document.querySelector('nav button')?.textContent?.trim() === 'bob')
    t.equal((await ann.get('/conversations/bob')).json().unreadCount, 0, 'what is shown is read')

    // What was said in the last seconds comes again with the connection: all of it may be there already.
    await waitFor(page, () => {
      const isWhole = document.querySelector('li:first-child > span')?.textContent?.includes('earlier 10')
      if (!isWhole) Array.from(document.querySelectorAll('button')).find(({ textContent }) => textContent === 'Older messages')?.click()
      return isWhole
    })
    t.same(await textsOn(page), texts)

    await write(page, 'hello from the page')
    await shows(page, 'li.own small', 'delivered')
    await bob.post('/conversations/ann/read', { seq: 41 })
    await shows(page, 'li.own small', 'read')

    const offer = await openOffer(bob, ann, { pricePerUnit: 0.27, totalAmount: 12.5 })
    await shows(page, 'li > p', '12.5\u00a0kWh at €0.27/kWh: €3.375 pending')
    await page.locator('li > p button').click()
    await shows(page, 'li > p', 'accepted')
    t.equal((await bob.get(`/trades/${offer.messageId}`)).json().status, 'accepted')
    t.equal(await page.$('li > p button'), null)

    await user('eve').say('ann', 'a stranger')
    await shows(page, 'nav button:first-child', 'eve 1')
    t.same(site.errors, [])
    await page.close()
  })
}

import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { TestUser } from '../../support/helper.js'
import { later, list, opening, openBriefly, read, respond } from '../../support/trades.js'
import { axe, openPage, signIn, startSite, type PageOptions } from './site.js'

const site = await startSite(t)

/** Somebody in the app, and the same person as a program. */
async function person (t: Test, name: string, options: PageOptions = {}): Promise<{ page: Page, user: TestUser }> {
  const page = await openPage(t, site, options)
  await signIn(page, name)
  const response = await site.app.inject({ method: 'POST', url: '/sign-in', payload: { name }, headers: { host: 'localhost' }, remoteAddress: '127.0.0.1' })
  return { page, user: new TestUser(site.app, response.json<{ userId: string }>().userId, { name }) }
}

const threadWith = async (page: Page, user: TestUser) => await page.goto(`${site.url}/conversations/${encodeURIComponent(user.id)}`)
const dialog = (page: Page) => page.getByRole('dialog')
const closed = async (page: Page) => await dialog(page).waitFor({ state: 'detached' })
const press = async (page: Page, name: string | RegExp) => await page.getByRole('button', { name }).last().click()

t.test('two people negotiate by the app until one accepts', async t => {
  const [{ page: anna, user: annaUser }, { page: bela, user: belaUser }] = [await person(t, 'Anna'), await person(t, 'Bela', { width: 360, dark: true })]
  await annaUser.say(belaUser.id, 'Hello')
  await Promise.all([threadWith(anna, belaUser), threadWith(bela, annaUser)])

  await press(anna, 'Make an offer')
  await press(anna, 'Send offer')
  await anna.getByText('How much energy?').waitFor()
  t.equal(await dialog(anna).getByLabel('Energy').evaluate(field => field === document.activeElement), true, 'the first wrong field has the focus')
  t.same(await axe(anna), [], 'the form with faults')
  await dialog(anna).getByLabel('Energy').fill('12.5')
  await dialog(anna).getByLabel('Price').fill('0.123456')
  await press(anna, 'Send offer')
  await anna.getByText('At most 5 decimals').waitFor()
  t.equal(await dialog(anna).getByLabel('Energy').inputValue(), '12.5', 'what was typed is kept')
  await dialog(anna).getByLabel('Price').fill('0.27')
  await dialog(anna).getByLabel('Message (optional)').fill('From my roof')
  await dialog(anna).getByText('€3.375').waitFor()
  await press(anna, 'Send offer')
  await closed(anna)

  await bela.getByRole('group', { name: 'You buy' }).getByText('Your move').waitFor()
  t.same(await axe(bela), [], 'a card on a narrow, dark screen')
  await press(bela, 'Counter')
  t.equal(await dialog(bela).getByLabel('Price').inputValue(), '0.27', 'a counter-offer begins with the terms on the table')
  await press(bela, 'Send counter-offer')
  await bela.getByText('Change something').waitFor()
  await dialog(bela).getByLabel('Price').fill('0.25')
  await dialog(bela).locator('del').filter({ hasText: '€3.375' }).waitFor()
  t.same(await axe(bela), [], 'the form of a counter-offer')
  await press(bela, 'Send counter-offer')
  await closed(bela)

  await anna.getByText(/Bela.? made a counter-offer/).waitFor()
  await press(anna, 'Accept')
  await dialog(anna).getByText(/You sell to .?Bela.? on these terms/).waitFor()
  t.same(await axe(anna), [], 'the question before accepting')
  await anna.getByRole('button', { name: 'Accept for €3.125' }).dblclick()
  await closed(anna)
  await bela.getByText(/Anna.? accepted the offer/).waitFor()
  const [offer] = await list(annaUser)
  t.ok(offer)
  const { status, negotiationHistory } = await read(annaUser, { messageId: offer?.messageId ?? '' })
  t.same([status, negotiationHistory.map(({ action }) => action)], ['accepted', ['offer', 'counter', 'accept']])
  t.match(negotiationHistory[1]?.terms, { pricePerUnit: 0.25, totalAmount: 12.5, totalPrice: '3.125', tradeType: 'sell', proposedBy: belaUser.id })

  await press(bela, 'History')
  await dialog(bela).getByText('You made a counter-offer').waitFor()
  await dialog(bela).locator('del').filter({ hasText: '€0.27/kWh' }).waitFor()
  t.same(await axe(bela), [], 'the history')
  await bela.keyboard.press('Escape')
  await closed(bela)
})

t.test('a move that comes too late shows what happened meanwhile', async t => {
  const { page, user } = await person(t, 'Carla')
  const dora = new TestUser(site.app, 'dora', { name: 'Dora' })
  const { tradeOffer: offer } = (await dora.post(`/${user.id}`, opening())).json<{ tradeOffer: { messageId: string } }>()
  await threadWith(page, dora)
  await press(page, 'Accept')
  // The withdrawal happens while the acceptance is on its way.
  await page.route('**/respond', async route => {
    await respond(dora, offer, { response: 'withdraw', text: 'Sold already' })
    await route.continue()
  })
  await dialog(page).getByLabel('Message (optional)').fill('Gladly')
  await press(page, /^Accept for/)
  await dialog(page).getByText('The offer has moved on').waitFor()
  await dialog(page).getByText(/Dora.? withdrew the offer/).waitFor()
  await dialog(page).getByText('Sold already').waitFor()
  t.same(await axe(page), [])
  await press(page, 'Back to the conversation')
  await closed(page)
  await page.unroute('**/respond')
  t.equal((await read(dora, offer)).negotiationHistory.length, 2)

  // One that comes while the question is open takes its place.
  const next = (await dora.post(`/${user.id}`, opening({ pricePerUnit: 0.5 }))).json<{ tradeOffer: { messageId: string } }>().tradeOffer
  await page.getByText('€0.50/kWh').first().waitFor()
  await press(page, 'Accept')
  await page.getByRole('button', { name: /^Accept for/ }).waitFor()
  await respond(dora, next, { response: 'withdraw' })
  await dialog(page).getByText('The offer has moved on').waitFor()
  await page.keyboard.press('Escape')
})

t.test('an offer is rejected with a reason, another is withdrawn, and one runs out', async t => {
  const { page, user } = await person(t, 'Emil', { locale: 'de-DE' })
  const finn = new TestUser(site.app, 'finn', { name: 'Finn' })
  const rejected = (await finn.post(`/${user.id}`, opening({ tradeType: 'buy' }))).json<{ tradeOffer: { messageId: string } }>().tradeOffer
  await threadWith(page, finn)
  await page.getByRole('group', { name: 'Sie verkaufen' }).waitFor()
  await press(page, 'Ablehnen')
  await dialog(page).getByLabel('Nachricht (optional)').fill('Zu wenig')
  await press(page, 'Angebot ablehnen')
  await page.getByText('Sie haben das Angebot abgelehnt').waitFor()
  await closed(page)
  t.match(await read(finn, rejected), { status: 'rejected', negotiationHistory: [{}, { action: 'reject', text: 'Zu wenig' }] })

  await user.post('/finn', opening({ pricePerUnit: 0.31 }))
  await page.getByText('0,31 €/kWh').waitFor()
  await press(page, 'Zurückziehen')
  await press(page, 'Angebot zurückziehen')
  await page.getByText('Sie haben das Angebot zurückgezogen').waitFor()
  await closed(page)

  await openBriefly(finn, user, 3000)
  await page.getByText('Abgelaufen').waitFor()
  t.equal(await page.getByRole('button', { name: 'Annehmen' }).count(), 0, 'what has run out can\'t be accepted')
})

t.test('an offer that reaches out of view is answered as messages come, and the thread stays at its end', async t => {
  const { page, user } = await person(t, 'Ines', { locale: 'de-DE' })
  const jan = new TestUser(site.app, 'jan', { name: 'Jan' })
  await jan.say(user.id, 'Hallo')
  await threadWith(page, jan)
  await jan.post(`/${user.id}`, opening({ tradeType: 'buy' }))
  const card = page.getByRole('article').filter({ has: page.getByRole('group', { name: 'Sie verkaufen' }) })
  const isOut = async () => await card.evaluate(element => element.getBoundingClientRect().top < element.closest('[role=feed]')!.getBoundingClientRect().top)
  for (let n = 1; !await isOut(); n++) {
    await jan.say(user.id, `Zeile ${n}`)
    await page.getByText(`Zeile ${n}`, { exact: true }).last().waitFor()
  }
  t.equal(await page.getByRole('button', { name: 'Ablehnen' }).evaluate(async button => {
    button.closest('[role=feed]')!.scrollBy(0, -1)
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const { x, y, width, height } = button.getBoundingClientRect()
    return button.contains(document.elementFromPoint(x + width / 2, y + height / 2))
  }), true, 'as the thread moves its buttons can be pressed')
  await press(page, 'Ablehnen')
  await press(page, 'Angebot ablehnen')
  await page.getByText('Sie haben das Angebot abgelehnt').waitFor()
  await closed(page)
  await card.and(page.locator(':focus')).waitFor()
  t.ok(await page.getByRole('feed').evaluate(feed => feed.scrollHeight - feed.clientHeight - feed.scrollTop) < 2)
})

t.test('by keyboard alone an offer is made and accepted', async t => {
  const { page, user } = await person(t, 'Gina')
  const hugo = new TestUser(site.app, 'hugo', { name: 'Hugo' })
  await hugo.say(user.id, 'Hello')
  await threadWith(page, hugo)
  const { keyboard } = page
  const year = new Date().getFullYear() + 2
  await page.getByRole('button', { name: 'Make an offer' }).focus()
  await keyboard.press('Enter')
  await page.getByRole('radio', { name: 'Sell' }).focus()
  await keyboard.press('ArrowRight')
  await keyboard.press('Tab')
  await keyboard.type('7')
  await keyboard.press('Tab')
  await keyboard.type('0.3')
  await keyboard.press('Tab')
  await keyboard.type(`0102${year}1330`)
  await dialog(page).getByText('€2.10').waitFor()
  await page.getByRole('button', { name: 'Send offer' }).focus()
  await keyboard.press('Enter')
  await closed(page)
  await page.getByText(/Waiting for .?Hugo/).waitFor()
  const [offer] = await list(hugo)
  t.match(offer?.currentProposal, { tradeType: 'buy', totalAmount: 7, pricePerUnit: 0.3, startTime: `${year}-02-01T12:30:00.000Z` })
  await respond(hugo, { messageId: offer?.messageId ?? '' }, { response: 'counter', revision: 1, pricePerUnit: 0.32, expiresAt: later(3_600_000) })
  await page.getByRole('button', { name: 'Accept' }).focus()
  await keyboard.press('Enter')
  await page.getByRole('button', { name: /^Accept for/ }).focus()
  await keyboard.press('Enter')
  await page.getByText('You accepted the offer').waitFor()
  await closed(page)
  // The focus isn't lost with the button.
  await page.waitForFunction(() => document.activeElement?.closest('[data-entry]') !== null)
})

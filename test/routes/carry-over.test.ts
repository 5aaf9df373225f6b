import t, { type Test } from 'tap'
import type { TradeOffer } from '../../schemas/trade-offer.js'
import { testApp, TestUser } from '../support/helper.js'
import { refused } from '../support/problem.js'
import { day, later, open, respond } from '../support/trades.js'

async function parties (t: Test) {
  const app = await testApp(t)
  return { alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob') }
}

const [start, end, expiry] = [later(4 * day), later(6 * day), later(2 * day)]
const all = { pricePerUnit: 0.27, currency: 'NOK', totalAmount: 12.5, startTime: start, endTime: end, tradeType: 'buy', expiresAt: expiry }

/** The terms on the table after a counter to an offer of some terms. */
async function countered (t: Test, offered: object, counter: object) {
  const { alice, bob } = await parties(t)
  const response = await respond(bob, await open(alice, bob, offered), { response: 'counter', ...counter })
  t.equal(response.statusCode, 200, response.body)
  const { totalPrice, proposedBy, ...terms } = response.json<TradeOffer>().currentProposal
  t.equal(proposedBy, 'bob')
  return { terms, totalPrice }
}

t.test('terms left out of a counter are as they stand', async t => {
  const different = {
    pricePerUnit: 0.2, currency: 'SEK', totalAmount: 10, startTime: later(3 * day), endTime: later(7 * day), expiresAt: later(day)
  }
  for (const [name, value] of Object.entries(different)) {
    t.strictSame((await countered(t, all, { [name]: value })).terms, { ...all, [name]: value }, name)
  }
  t.strictSame((await countered(t, all, { pricePerUnit: 0.2 })).totalPrice, '2.5', 'the total is that of the new price')
  t.strictSame((await countered(t, all, { tradeType: 'buy' })).terms, all, 'the same again is a proposal too')
})

t.test('each counter goes on from the one before it', async t => {
  const { alice, bob } = await parties(t)
  const offer = await open(alice, bob, all)
  await respond(bob, offer, { response: 'counter', pricePerUnit: 0.2 })
  await respond(alice, offer, { response: 'counter', revision: 2, totalAmount: 20 })
  const { currentProposal } = (await respond(bob, offer, { response: 'counter', revision: 3, currency: 'EUR' })).json<TradeOffer>()
  t.match(currentProposal, { ...all, pricePerUnit: 0.2, totalAmount: 20, currency: 'EUR', totalPrice: '4' })
})

t.test('an expiry that is the start follows it; another one stays, at the latest at the start', async t => {
  const { endTime, expiresAt, ...untilStart } = all
  for (const startTime of [later(3 * day), later(5 * day)]) {
    t.strictSame((await countered(t, untilStart, { startTime })).terms, { ...untilStart, startTime, expiresAt: startTime })
    t.equal((await countered(t, all, { startTime })).terms.expiresAt, expiry)
  }
  const sooner = later(day)
  t.equal((await countered(t, all, { startTime: sooner })).terms.expiresAt, sooner)
  t.equal((await countered(t, untilStart, { expiresAt: sooner })).terms.expiresAt, sooner)
})

t.test('a counter is blamed where what it says doesn\'t fit what it carries over', async t => {
  const { alice, bob } = await parties(t)
  const offer = await open(alice, bob, all)
  for (const [counter, path, message] of [
    [{ startTime: end }, '/startTime', 'must be before the endTime that is carried over'],
    [{ startTime: later(7 * day) }, '/startTime', 'must be before the endTime that is carried over'],
    [{ endTime: start }, '/endTime', 'must be after startTime'],
    [{ startTime: later(7 * day), endTime: later(7 * day) }, '/endTime', 'must be after startTime'],
    [{ expiresAt: later(5 * day) }, '/expiresAt', 'must not be after startTime'],
    [{ tradeType: 'sell' }, '/tradeType', 'can\'t change in a negotiation']
  ] as const) {
    const { errors } = refused(t, await respond(bob, offer, { response: 'counter', ...counter }), 'validation_failed')
    t.match(errors, [{ path, message, keyword: String }])
    t.equal(errors?.length, 1)
  }
})

t.test('the request of the original product works as it stands', async t => {
  const { alice } = await parties(t)
  const startTime = later(day)
  const response = await alice.post('/bob', { text: 'Energy trade proposal', messageType: 'tradeOffer', pricePerUnit: 0.15, startTime, totalAmount: 50 })
  t.equal(response.statusCode, 201)
  t.match(response.json(), {
    messageType: 'tradeOffer',
    text: 'Energy trade proposal',
    tradeOffer: { status: 'pending', currentProposal: { pricePerUnit: 0.15, totalAmount: 50, startTime, totalPrice: '7.5', tradeType: 'sell' } }
  })
})

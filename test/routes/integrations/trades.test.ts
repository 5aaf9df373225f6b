import t from 'tap'
import type { TradeOfferWithHistory } from '../../../schemas/trade-offer.js'
import { testApp, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { refused } from '../../support/problem.js'
import { open, openBriefly, read, respond, until } from '../../support/trades.js'

t.test('an integration reads an offer of any two users, and what was said only with the scope for it', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const offer = await open(alice, bob, { text: 'only for you' })
  await respond(bob, offer, { response: 'counter', revision: 1, pricePerUnit: 0.2, text: 'a bit less' })
  const whole = await read(alice, offer)
  const [discreet, trusted, other] = await Promise.all([
    TestIntegration.make(app, ['trades']), TestIntegration.make(app, ['trades', 'messages']), TestIntegration.make(app, ['messages'])
  ])
  t.strictSame((await trusted.get(`/trades/${offer.messageId}`)).json(), whole, 'as its parties see it')
  t.same(whole.negotiationHistory.map(({ text }) => text), ['only for you', 'a bit less'])
  const response = await discreet.get(`/trades/${offer.messageId}`)
  t.notMatch(response.body, /only for you|a bit less/)
  t.strictSame(response.json(), { ...whole, negotiationHistory: whole.negotiationHistory.map(({ text: _, ...move }) => move) })
  const refusal = await other.get(`/trades/${offer.messageId}`)
  refused(t, refusal, 'scope_missing')
  t.equal(refusal.headers['www-authenticate'], 'Bearer realm="equilux-chat", error="insufficient_scope", scope="trades"')
  refused(t, await discreet.get('/trades/00000000-0000-4000-8000-000000000000'), 'trade_not_found')
  refused(t, await discreet.get('/trades/x'), 'validation_failed')
})

t.test('an offer that has run out is shown so', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const { messageId, currentProposal: { expiresAt } } = await openBriefly(alice, bob)
  await until(expiresAt)
  const machine = await TestIntegration.make(app, ['trades'])
  t.match((await machine.get(`/trades/${messageId}`)).json<TradeOfferWithHistory>(), { status: 'expired', awaiting: null, updatedAt: expiresAt })
})

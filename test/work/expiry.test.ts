import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { expiryTimer } from '../../src/services/trading/expiry-timers.js'
import { framesOf, until } from '../support/live.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { day, later, open, openBriefly, read, respond, terms } from '../support/trades.js'
import { shiftClock } from '../support/webhooks.js'

const hour = day / 24

/** A server that works, with two users who listen. */
async function parties (t: Test, env: Record<string, string> = {}) {
  const app = await testApp(t, { env: { WORKER: 'on', ...env } })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const url = await listen(app)
  return { app, url, alice, bob, sockets: [await TestSocket.open(t, url, alice), await TestSocket.open(t, url, bob)] }
}

t.test('an offer that runs out is told to both although nobody looks, once', async t => {
  const { alice, bob, sockets } = await parties(t)
  const offer = await openBriefly(alice, bob)
  for (const socket of sockets) {
    const { data } = await socket.next('tradeResponse')
    t.match(data, { offer: { messageId: offer.messageId, status: 'expired', awaiting: null }, message: { tradeResponse: { action: 'expire' } } })
    t.ok(Date.parse(data.message.timestamp) >= Date.parse(offer.currentProposal.expiresAt))
  }
  const { negotiationHistory } = await read(alice, offer)
  t.match(negotiationHistory.map(({ action }) => action), ['offer', 'expire'])
})

t.test('many offers that run out together are told, and the timers are gone', async t => {
  const { app, alice, sockets: [socket] } = await parties(t)
  const setAhead = shiftClock(t, app)
  const expiresAt = later(hour / 2)
  const offers = await Promise.all(Array.from({ length: 60 }, async (_, n) => await open(alice, new TestUser(app, `bob${n % 30}`), { expiresAt })))
  setAhead(hour / 2)
  await until('all are told', () => framesOf(socket!, 'tradeResponse').length >= 60)
  const told = framesOf(socket!, 'tradeResponse').map(({ data }) => data.offer.messageId)
  t.strictSame(told.sort(), offers.map(({ messageId }) => messageId).sort())
  const gone = async () => (await Promise.all(offers.map(async ({ messageId }) =>
    await app.entities.direct.work.get(expiryTimer({ messageId, expiresAt: Date.parse(expiresAt) }, Date.now()), { consistent: true })))).every(item => item === undefined)
  while (!await gone());
  t.pass('no timer is left')
})

t.test('a counter that runs out sooner is told then, and one that runs out later isn\'t told before', async t => {
  const { app, alice, bob, sockets: [socket] } = await parties(t)
  const setAhead = shiftClock(t, app)
  const [sooner, longer] = [await open(alice, bob), await open(alice, bob, { expiresAt: later(hour / 2) })]
  const expiresAt = later(hour / 4)
  t.equal((await respond(bob, sooner, { response: 'counter', ...terms({ expiresAt }) })).statusCode, 200)
  t.equal((await respond(bob, longer, { response: 'counter', ...terms({ expiresAt: later(day) }) })).statusCode, 200)
  setAhead(hour / 4)
  await until('it is told', () => framesOf(socket!, 'tradeResponse').some(({ data }) => data.message.tradeResponse.action === 'expire'))
  setAhead(hour / 2)
  // Longer than it takes until the worker looks again.
  await sleep(6000)
  const expired = framesOf(socket!, 'tradeResponse').filter(({ data }) => data.message.tradeResponse.action === 'expire')
  t.strictSame(expired.map(({ data }) => data.offer.messageId), [sooner.messageId])
  t.match(await read(alice, longer), { status: 'countered', revision: 2 })
})

t.test('both are reminded 24 hours and one hour before, by the server\'s clock, and not of what is closed', async t => {
  const { app, alice, bob, sockets } = await parties(t)
  const setAhead = shiftClock(t, app)
  const expiresAt = new Date(Date.now() + 24 * hour + 2500).toISOString()
  const offer = await open(alice, bob, { expiresAt, startTime: later(3 * day) })
  const closed = await open(alice, bob, { expiresAt, startTime: later(3 * day) })
  await respond(alice, closed, { response: 'withdraw' })
  for (const socket of sockets) t.match(await socket.next('tradeExpiring'), { data: { offer: { messageId: offer.messageId, status: 'pending' }, hoursLeft: 24 } })
  setAhead(23 * hour)
  for (const socket of sockets) t.match(await socket.next('tradeExpiring'), { data: { offer: { messageId: offer.messageId }, hoursLeft: 1 } })
  setAhead(24 * hour)
  for (const socket of sockets) {
    await until('it runs out', () => framesOf(socket, 'tradeResponse').some(({ data }) => data.message.tradeResponse.action === 'expire'))
    t.equal(framesOf(socket, 'tradeExpiring').length, 2)
  }
})

t.test('a reminder that is late comes at once, unless the next one is due already', async t => {
  const { app, alice, bob, sockets: [socket] } = await parties(t, { WORKER: 'off' })
  const offer = await open(alice, bob, { expiresAt: later(30 * hour), startTime: later(3 * day) })
  const other = await open(alice, bob, { expiresAt: later(48 * hour), startTime: later(3 * day) })
  const worker = await testApp(t, { env: { WORKER: 'on', TABLE_NAME: app.config.TABLE_NAME } })
  const { clock } = worker
  const now = clock.now.bind(clock)
  t.intercept(clock, 'now', { value: () => now() + 29.5 * hour })
  const url = await listen(worker)
  const elsewhere = await TestSocket.open(t, url, new TestUser(worker, 'alice'))
  await until('both are told', () => framesOf(elsewhere, 'tradeExpiring').length === 2)
  const told = framesOf(elsewhere, 'tradeExpiring').map(({ data }) => [data.offer.messageId, data.hoursLeft])
  t.strictSame(new Map(told as Array<[string, number]>), new Map([[offer.messageId, 1], [other.messageId, 24]]))
  t.equal(framesOf(socket!, 'tradeExpiring').length, 0, 'without Redis only who is connected where it is found out hears it')
})

t.test('what one instance leaves to do another does: WORKER=off and WORKER=only', async t => {
  const { app, alice, bob } = await parties(t, { WORKER: 'off' })
  const offer = await openBriefly(alice, bob)
  const worker = await testApp(t, { env: { WORKER: 'only', TABLE_NAME: app.config.TABLE_NAME } })
  await listen(worker)
  const stored = async () => await app.entities.direct.tradeOffer.get(offer, { consistent: true })
  while ((await stored())!.status !== 'expired');
  for (const [url, status] of [['/health', 200], ['/ready', 200], ['/metrics', 200], ['/api/messages/conversations', 404], ['/api/ws', 404], ['/api/events', 404]] as const) {
    t.equal((await new TestUser(app, 'alice').request.call({ app: worker, token: alice.token }, { method: 'GET', url })).statusCode, status, url)
  }
  const metrics = ['equilux_work_handled_total{kind="expire",outcome="done"} 1', 'equilux_work_due 0', 'equilux_work_oldest_seconds 0']
  const missing = async () => {
    const { body } = await worker.inject({ url: '/metrics' })
    return metrics.filter(line => !body.split('\n').includes(line))
  }
  while ((await missing()).length > 0) await sleep(100)
})

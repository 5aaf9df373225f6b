import t, { type Test } from 'tap'
import type { Message } from '../../../schemas/message.js'
import type { TradeOffer } from '../../../schemas/trade-offer.js'
import { intercept } from '../../support/faults.js'
import { listen, testApp, TestSocket, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { later, list, open, patiently, read, respond, terms, until } from '../../support/trades.js'

/** How long the offers of this test last, in ms: long enough to be made on a busy machine, and by a slower engine. */
const lifetime = process.env.TEST_DYNAMODB === undefined ? 400 : 1500

async function parties (t: Test) {
  const app = await testApp(t)
  return { app, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob') }
}

/** An offer that has run out, and that nobody has met since. */
async function ranOut (alice: TestUser, bob: TestUser, countered = false): Promise<TradeOffer> {
  const expiresAt = later(lifetime)
  const offer = await open(alice, bob, countered ? {} : { expiresAt })
  if (countered) {
    const response = await respond(bob, offer, { response: 'counter', ...terms({ expiresAt }) })
    if (response.statusCode !== 200) throw new Error(response.body)
  }
  await until(expiresAt)
  return offer
}

async function timeline (user: TestUser, other: string): Promise<Message[]> {
  return (await patiently(() => user.get(`/${other}?order=asc&limit=100`))).json<{ messages: Message[] }>().messages
}

/** Asserts that an offer is expired, told once in the timeline, and where it ends. */
async function expiredOnce (t: Test, user: TestUser, offer: TradeOffer, revision = 1) {
  const current = await read(user, offer)
  t.match(current, { status: 'expired', revision, awaiting: null })
  const last = current.negotiationHistory.at(-1)!
  t.match(last, { action: 'expire', userId: null, revision })
  t.notOk('terms' in last)
  t.equal(current.negotiationHistory.filter(({ action }) => action === 'expire').length, 1)
  t.ok(last.at >= current.currentProposal.expiresAt)
  const messages = await timeline(user, user.id === 'alice' ? 'bob' : 'alice')
  t.same(messages.map(({ seq }) => seq), messages.map((_, n) => n + 1))
  const telling = messages.filter(message => message.messageType === 'tradeResponse' && message.tradeResponse.action === 'expire')
  t.match(telling, [{ seq: last.seq, senderId: current.currentProposal.proposedBy, tradeResponse: { offerId: offer.messageId, revision } }])
  t.equal(telling.length, 1)
}

const meetings: Record<string, (user: TestUser, offer: TradeOffer) => Promise<unknown>> = {
  read: async (user, offer) => await read(user, offer),
  listed: async user => (await list(user, 'status=expired'))[0],
  'seen beside a message': async user => {
    const [message] = await timeline(user, user.id === 'alice' ? 'bob' : 'alice')
    return message?.messageType === 'tradeOffer' ? message.tradeOffer : message
  },
  accepted: async (user, offer) => (await patiently(() => respond(user, offer, { response: 'accept' }))).json().offer,
  withdrawn: async (user, offer) => (await patiently(() => respond(user, offer, { response: 'withdraw' }))).json().offer,
  countered: async (user, offer) => (await patiently(() => respond(user, offer, { response: 'counter', ...terms() }))).json().offer
}

for (const [name, meet] of Object.entries(meetings)) {
  t.test(`an offer that has run out expires when it is ${name}`, async t => {
    const { app, alice, bob } = await parties(t)
    const url = await listen(app)
    const sockets = [await TestSocket.open(t, url, alice), await TestSocket.open(t, url, bob)]
    const offer = await ranOut(alice, bob)
    for (const user of [bob, alice, bob]) t.match(await meet(user, offer), { status: 'expired', awaiting: null, revision: 1 })
    await expiredOnce(t, alice, offer)
    for (const socket of sockets) {
      await socket.settle()
      const told = socket.received.filter(({ type }) => type === 'tradeResponse')
      t.match(told, [{ data: { offer: { status: 'expired' }, message: { tradeResponse: { action: 'expire' } } } }])
      t.equal(told.length, 1, 'one event')
    }
  })

  t.test(`an offer that 50 find ${name} at once on two instances expires once`, async t => {
    const { app, alice, bob } = await parties(t)
    const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
    const users = [alice, bob, new TestUser(other, 'alice'), new TestUser(other, 'bob')]
    const offer = await ranOut(alice, bob, true)
    const seen = await Promise.all(Array.from({ length: 50 }, (_, n) => meet(users[n % 4]!, offer)))
    for (const one of seen) t.match(one, { status: 'expired', revision: 2 })
    await expiredOnce(t, alice, offer, 2)
  })
}

t.test('an offer that has run out is closed for every move', async t => {
  const { alice, bob } = await parties(t)
  const offer = await ranOut(alice, bob)
  for (const response of ['accept', 'reject', 'withdraw']) {
    for (const user of [alice, bob]) {
      for (const revision of [1, 2]) {
        t.match(refused(t, await respond(user, offer, { response, revision }), 'trade_closed').offer, { status: 'expired' })
      }
    }
  }
  await expiredOnce(t, bob, offer)
})

t.test('terms are accepted until their last millisecond and not in the one of their expiry', async t => {
  const { app, alice, bob } = await parties(t)
  const { now } = Date
  t.teardown(() => { Date.now = now })
  const start = now()
  for (const [late, statusCode] of [[-1, 200], [0, 409], [1, 409]] as const) {
    const offer = await open(alice, bob, { expiresAt: new Date(start + 60_000).toISOString() })
    // The clock of the server; that of timers goes on.
    Date.now = () => start + 60_000 + late
    const answered = await respond(bob, offer, { response: 'accept' })
    Date.now = () => start
    t.equal(answered.statusCode, statusCode, `${late} ms`)
    const { data } = await app.entities.entities.tradeOffer.get({ messageId: offer.messageId }).go()
    t.equal(data!.status, late < 0 ? 'accepted' : 'expired')
    await app.entities.entities.conversation.remove({ conversationId: 'alice~bob' }).go()
    for (let seq = 1; seq <= 2; seq++) await app.entities.entities.message.remove({ conversationId: 'alice~bob', seq }).go()
  }
})

t.test('terms that run out while a move waits for its turn are not accepted', async t => {
  const { app, alice, bob } = await parties(t)
  const expiresAt = later(lifetime)
  const offer = await open(alice, bob, { expiresAt })
  const transactions = intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
    if (count === 0) await until(expiresAt)
    return await attempt()
  })
  const [said, answered] = await Promise.all([alice.say('bob', 'hold on'), respond(bob, offer, { response: 'accept' })])
  t.equal(said.statusCode, 201)
  t.match(refused(t, answered, 'trade_closed').offer, { status: 'expired' })
  t.ok(transactions.count > 1)
  await expiredOnce(t, bob, offer)
})

t.test('a counter gives the negotiation new time', async t => {
  const { alice, bob } = await parties(t)
  const expiresAt = later(lifetime)
  const offer = await open(alice, bob, { expiresAt })
  t.equal((await respond(bob, offer, { response: 'counter', ...terms() })).statusCode, 200)
  await until(expiresAt)
  t.match((await respond(alice, offer, { response: 'accept', revision: 2 })).json(), { status: 'accepted' })
})

t.test('a retry of a move that was made in time finds it made, though the next terms have run out', async t => {
  const { alice, bob } = await parties(t)
  const offer = await open(alice, bob)
  const expiresAt = later(lifetime)
  const body = { response: 'counter', ...terms({ expiresAt }) }
  const first = await respond(bob, offer, body, { 'idempotency-key': 'k' })
  await until(expiresAt)
  t.equal((await respond(bob, offer, body, { 'idempotency-key': 'k' })).body, first.body)
  await read(alice, offer)
  t.equal((await respond(bob, offer, body, { 'idempotency-key': 'k' })).body, first.body)
})

t.test('filters go by what has run out, met or not', async t => {
  const { alice, bob } = await parties(t)
  const fresh = await open(alice, bob)
  const [unmet, met] = await Promise.all([ranOut(alice, bob), ranOut(alice, bob), ranOut(alice, bob, true)])
  await read(bob, met)
  for (const round of ['first', 'second']) {
    t.same((await list(bob, 'status=pending')).map(({ messageId }) => messageId), [fresh.messageId], round)
    t.same(await list(bob, 'status=countered'), [], round)
    t.same((await list(bob, 'awaiting=me')).map(({ messageId }) => messageId), [fresh.messageId], round)
    t.same(await list(alice, 'awaiting=me'), [], round)
    const expired = await list(alice, 'status=expired')
    t.equal(expired.length, 3, round)
    t.ok(expired.every(({ status }) => status === 'expired'))
    t.ok(expired.some(({ messageId }) => messageId === unmet.messageId))
  }
  t.equal((await timeline(alice, 'bob')).filter(message => message.messageType === 'tradeResponse').length, 4)
})

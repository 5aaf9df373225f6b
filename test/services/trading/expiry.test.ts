import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Message, MessagePage, TradeOfferMessage } from '../../../schemas/message.js'
import type { MissedPage } from '../../../schemas/sync.js'
import type { TradeOffer, TradeOfferWithHistory } from '../../../schemas/trade-offer.js'
import { cancelled, intercept } from '../../support/faults.js'
import { listen, testApp, TestSocket, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { day, later, list, open, opening, patiently, read, respond, standingOf, state, terms, until } from '../../support/trades.js'

/** How long offers last that are to run out at once, in ms; on a busy machine it takes longer to make one, which is tried again. */
const brief = 400
/** How long those last that are to be answered in time. */
const lifetime = 1500

async function parties (t: Test) {
  const app = await testApp(t)
  return { app, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob') }
}

/** An offer that has run out, and that nobody has met since. */
async function ranOut (alice: TestUser, bob: TestUser, countered = false): Promise<TradeOffer> {
  const offer = countered ? await open(alice, bob) : undefined
  for (let life = brief; ; life *= 2) {
    const expiresAt = later(life)
    const response = offer === undefined
      ? await alice.post('/bob', opening({ expiresAt }))
      : await respond(bob, offer, { response: 'counter', ...terms({ expiresAt }) })
    if (response.statusCode === 400 || response.statusCode === 503) continue
    if (response.statusCode >= 400) throw new Error(response.body)
    await until(expiresAt)
    return offer ?? response.json<TradeOfferMessage>().tradeOffer
  }
}

async function timeline (user: TestUser, other: string): Promise<Message[]> {
  return (await patiently(() => user.get(`/${other}?order=asc&limit=100`))).json<{ messages: Message[] }>().messages
}

/** Asserts that an offer is expired, and, when that is recorded, told once in the timeline, where it ends. */
async function expiredOnce (t: Test, user: TestUser, offer: TradeOffer, revision = 1) {
  const before = await state(user, offer)
  const current = await recorded(user, offer)
  t.strictSame(standingOf(current), before, 'it looks the same, recorded or not')
  t.match(current, { status: 'expired', revision, awaiting: null, updatedAt: current.currentProposal.expiresAt })
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

/** The offer when its expiry is recorded, which happens in the background. */
async function recorded (user: TestUser, offer: TradeOffer): Promise<TradeOfferWithHistory> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) {
    const current = await read(user, offer)
    if (current.negotiationHistory.at(-1)?.action === 'expire') return current
  }
  throw new Error('The expiry was not recorded')
}

const meetings: Record<string, (user: TestUser, offer: TradeOffer) => Promise<unknown>> = {
  read: async (user, offer) => await read(user, offer),
  listed: async user => (await list(user, 'status=expired'))[0],
  'seen beside its messages': async user =>
    (await patiently(() => user.get(`/${user.id === 'alice' ? 'bob' : 'alice'}`))).json<MessagePage>().offers[0],
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
      await socket.next('tradeResponse', 30_000)
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
  const app = await testApp(t)
  const { clock } = app
  const start = Date.now()
  clock.now = () => start
  for (const [late, statusCode] of [[-1, 200], [0, 409], [1, 409]] as const) {
    const [alice, bob] = [new TestUser(app, `alice${late}`), new TestUser(app, `bob${late}`)]
    const offer = await open(alice, bob, { expiresAt: new Date(start + 60_000).toISOString() })
    clock.now = () => start + 60_000 + late
    const answered = await respond(bob, offer, { response: 'accept' })
    clock.now = () => start
    t.equal(answered.statusCode, statusCode, `${late} ms`)
    const { data } = await app.entities.entities.tradeOffer.get({ messageId: offer.messageId }).go()
    t.equal(data!.status === 'accepted', late < 0)
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
  await expiredOnce(t, bob, offer)
  t.ok(transactions.count > 1)
})

t.test('a counter gives the negotiation new time', async t => {
  const { alice, bob } = await parties(t)
  const expiresAt = later(lifetime)
  const offer = await open(alice, bob, { expiresAt })
  t.equal((await respond(bob, offer, { response: 'counter', ...terms({ expiresAt: later(day) }) })).statusCode, 200)
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
  for (const { messageId } of await list(alice, 'status=expired')) await recorded(alice, { ...fresh, messageId })
  t.equal((await timeline(alice, 'bob')).filter(message => message.messageType === 'tradeResponse').length, 4)
})

t.test('while only writes fail, an offer that has run out is shown as expired all the same', async t => {
  const { app, alice, bob } = await parties(t)
  const { cursor } = (await alice.get('/sync')).json<MissedPage>()
  const offer = await ranOut(alice, bob)
  let note: (value: true) => void
  const tried = new Promise<true>(resolve => { note = resolve })
  const writes = intercept(t, app, 'TransactWriteItems', async () => {
    note(true)
    throw cancelled('None', 'None', 'ThrottlingError')
  })
  const expired = { messageId: offer.messageId, status: 'expired', awaiting: null, updatedAt: offer.currentProposal.expiresAt }
  const shown: Record<string, (body: { offers: TradeOffer[], trades: TradeOffer[] } & TradeOffer) => TradeOffer | undefined> = {
    [`/trades/${offer.messageId}`]: body => body,
    '/trades': body => body.trades[0],
    '/trades?status=expired': body => body.trades[0],
    '/bob': body => body.offers[0],
    [`/sync?since=${cursor}`]: body => body.offers[0]
  }
  for (const [path, pick] of Object.entries(shown)) {
    const response = await alice.get(path)
    t.equal(response.statusCode, 200, path)
    t.match(pick(response.json()), expired, path)
  }
  t.match(refused(t, await respond(bob, offer, { response: 'accept' }), 'trade_closed').offer, expired)
  t.strictSame((await read(alice, offer)).negotiationHistory.map(({ action }) => action), ['offer'], 'it is not recorded')
  t.ok(await tried, 'it was tried')
  writes.remove()
  await expiredOnce(t, alice, offer)
})

t.test('recording expiries is no burden: two at a time, and one for each offer', async t => {
  const { app, alice, bob } = await parties(t)
  const offers = await Promise.all(Array.from({ length: 10 }, async () => await ranOut(alice, bob)))
  let [running, most, writes] = [0, 0, 0]
  intercept(t, app, 'TransactWriteItems', async attempt => {
    writes++
    most = Math.max(most, ++running)
    try {
      await sleep(20)
      return await attempt()
    } finally {
      running--
    }
  })
  await Promise.all(Array.from({ length: 20 }, async () => await list(alice)))
  for (const offer of offers) await recorded(bob, offer)
  t.ok(most <= 2, `${most} at a time`)
  t.ok(writes <= 12, `${writes} writes for 10 offers`)
})

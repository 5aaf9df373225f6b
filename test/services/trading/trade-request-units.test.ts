import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { TradePage } from '../../../schemas/trade-list.js'
import type { TradeStatus } from '../../../schemas/trade-offer.js'
import type { TradeOfferItem } from '../../../src/database/entities/trade-offer.js'
import type { Move } from '../../../src/services/trading/negotiation.js'
import { storeMove } from '../../../src/services/trading/offers.js'
import { databaseCalls } from '../../support/calls.js'
import { testApp, TestUser } from '../../support/helper.js'
import { requestUnits, type RequestUnits } from '../../support/request-units.js'
import { day, later, open, respond, terms } from '../../support/trades.js'

/** Terms that say all that terms can say. */
const full = () => terms({
  pricePerUnit: 0.27123, totalAmount: 1234.567, currency: 'EUR', expiresAt: later(day / 2), startTime: later(day), endTime: later(2 * day)
})

async function parties (t: Test) {
  const app = await testApp(t)
  const meter = requestUnits(app)
  const [alice, bob] = [new TestUser(app, randomUUID()), new TestUser(app, randomUUID())]
  await alice.say(bob.id, 'hello')
  await bob.say(alice.id, 'hello')
  return { app, meter, alice, bob }
}

function within (t: Test, { read, write }: RequestUnits, budget: RequestUnits, name: string) {
  t.comment(`${name}: ${read} RCU, ${write} WCU`)
  t.ok(read <= budget.read && write <= budget.write, `${name}: ${read} of ${budget.read} RCU, ${write} of ${budget.write} WCU`)
}

t.test('an opening and every move cost at most 10 WCU, three counters included', async t => {
  const { meter, alice, bob } = await parties(t)
  const budget = { read: 2, write: 10 }
  let offer = { messageId: '' }
  within(t, await meter(async () => { offer = await open(alice, bob, full()) }), budget, 'opening')
  for (const revision of [1, 2, 3]) {
    const user = revision === 2 ? alice : bob
    within(t, await meter(() => respond(user, offer, { response: 'counter', revision, ...full() })), budget, `counter ${revision}`)
  }
  within(t, await meter(() => respond(alice, offer, { response: 'accept', revision: 4 })), budget, 'acceptance of the third counter')
  for (const response of ['accept', 'reject', 'withdraw']) {
    offer = await open(alice, bob, full())
    within(t, await meter(() => respond(response === 'withdraw' ? alice : bob, offer, { response })), budget, response)
  }
  within(t, await meter(() => respond(bob, offer, { response: 'accept' })), { read: 2, write: 0 }, 'a refused move')
  within(t, await meter(() => alice.get(`/trades/${offer.messageId}`)), { read: 1, write: 0 }, 'one offer')
})

t.test('a page of 20 messages costs at most 5 RCU and 1 for each offer shown', async t => {
  const { meter, alice, bob } = await parties(t)
  const text = 'x'.repeat(500)
  for (let n = 0; n < 12; n++) await alice.say(bob.id, text)
  for (let n = 0; n < 3; n++) {
    const offer = await open(alice, bob, full())
    await respond(bob, offer, { response: 'counter', ...full(), text })
  }
  for (let n = 0; n < 2; n++) await open(alice, bob, full())
  within(t, await meter(() => alice.get(`/${bob.id}`)), { read: 5 + 5, write: 0 }, '20 messages, 5 offers')
  within(t, await meter(() => alice.get(`/${bob.id}?order=asc&limit=14`)), { read: 5, write: 0 }, '14 messages, no offer')
})

/** Puts offers of a user with others there, each in its last state, the newest first. */
async function fill (app: FastifyInstance, userId: string, count: number, statusOf: (n: number) => TradeStatus, others: string[]) {
  const now = Date.now()
  const terms = { price: 27_123, currency: 'EUR', amount: 1_234_567, startAt: now + day, endAt: now + 2 * day, expiresAt: now + day / 2 }
  const items = Array.from({ length: count }, (_, n): TradeOfferItem => {
    const at = now - n
    const otherId = others[n % others.length]!
    const [senderId, receiverId] = n % 2 === 0 ? [userId, otherId] : [otherId, userId]
    const parties = { messageId: randomUUID(), senderId, receiverId, tradeType: 'sell' as const }
    const last: Partial<Record<TradeStatus, Move>> = {
      countered: { action: 'counter', by: 'receiver', at, terms },
      accepted: { action: 'accept', by: 'receiver', at },
      rejected: { action: 'reject', by: 'receiver', at },
      withdrawn: { action: 'withdraw', by: 'sender', at },
      expired: { action: 'expire', by: 'time', at }
    }
    const opened = storeMove(parties, [], { action: 'offer', by: 'sender', at, terms }, { seq: 1 })
    const move = last[statusOf(n)]
    return move === undefined ? opened : storeMove(opened, opened.moves, move, { seq: 2 })
  })
  await app.entities.entities.tradeOffer.put(items).go({ concurrent: 8 })
}

const closed = ['accepted', 'rejected', 'withdrawn', 'expired'] as const
const any = ['pending', 'countered', ...closed] as const

t.test('a page of 20 trades costs at most 30 RCU and 4 calls, whatever there is', async t => {
  const { app, meter } = await parties(t)
  const calls = databaseCalls(t, app)
  const others = Array.from({ length: 10 }, () => randomUUID())
  const histories: Record<string, (n: number) => TradeStatus> = {
    'behind the open ones': n => n < 40 ? 'pending' : closed[n % 4]!,
    'all accepted': () => 'accepted',
    'all pending': () => 'pending',
    'of every status': n => any[Math.floor(n / 2) % 6]!
  }
  const growth: Record<string, number[]> = {}
  for (const [name, statusOf] of Object.entries(histories)) {
    for (const count of name === 'all accepted' || name === 'of every status' ? [1000] : [10, 100, 1000]) {
      const user = new TestUser(app, randomUUID())
      await fill(app, user.id, count, statusOf, others)
      await user.get('/trades?limit=1')
      for (const query of [
        '', 'status=pending', 'status=pending&status=countered', `with=${others[0]}`, 'with=nobody', 'tradeType=buy', 'tradeType=sell',
        'awaiting=me', 'status=expired', 'role=sender', 'role=sender&with=nobody', 'status=accepted&with=nobody'
      ]) {
        let trades: TradePage | undefined
        let made: string[] = []
        const units = await meter(async () => {
          made = await calls(async () => { trades = (await user.get(`/trades?${query}`)).json() })
        })
        t.ok(made.length <= 4 && made.every(operation => operation === 'Query'), `${name}, ${query}: ${made.join()}`)
        within(t, units, { read: 30, write: 0 }, `${count} ${name}, ${query}: ${trades!.trades.length}`)
        if (count > 10) (growth[`${name}, ${query}`] ??= []).push(units.read)
        if (count > 100 && name === 'behind the open ones' && ['', 'status=pending'].includes(query)) t.equal(trades!.trades.length, 20)
      }
    }
  }
  for (const query of ['', 'status=pending', 'status=pending&status=countered', 'awaiting=me']) {
    const [of100, of1000] = growth[`behind the open ones, ${query}`]!
    t.ok(of1000! <= of100! + 4, `${query} doesn't grow: ${of100} and ${of1000} RCU`)
  }
})

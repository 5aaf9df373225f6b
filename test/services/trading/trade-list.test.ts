import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { TradePage } from '../../../schemas/trade-list.js'
import type { TradeOffer } from '../../../schemas/trade-offer.js'
import type { TradeOfferItem } from '../../../src/database/entities/trade-offer.js'
import type { Move } from '../../../src/services/trading/negotiation.js'
import { showOffer } from '../../../src/services/trading/offer-views.js'
import { storeMove } from '../../../src/services/trading/offers.js'
import { intercept } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { day, open } from '../../support/trades.js'

const users = ['alice', 'bob', 'carol', 'Alice', 'a|b']
const endings = ['pending', 'countered', 'accepted', 'rejected', 'withdrawn', 'expired'] as const

/** An offer in some state, as it is stored. */
function stored (n: number, now: number): TradeOfferItem {
  const pick = <T>(values: readonly T[], salt: number) => values[Math.floor(Math.abs(Math.sin(n * 12.9898 + salt) * 43758.5453)) % values.length]!
  const senderId = pick(users, 1)
  const receiverId = pick(users.filter(user => user !== senderId), 2)
  const ending = pick(endings, 3)
  // Some share their millisecond.
  const at = now - day - Math.floor(n / 3)
  const terms = { price: 27_000, currency: 'EUR', amount: 12_500, startAt: now + day, expiresAt: now + day }
  const moves: Move[] = [{ action: 'offer', by: 'sender', at, terms }]
  if (ending === 'countered' || pick([true, false], 4)) moves.push({ action: 'counter', by: 'receiver', at, terms })
  const proposer = moves.length === 2 ? 'receiver' : 'sender'
  const other = moves.length === 2 ? 'sender' : 'receiver'
  if (ending === 'accepted') moves.push({ action: 'accept', by: other, at })
  if (ending === 'rejected') moves.push({ action: 'reject', by: other, at })
  if (ending === 'withdrawn') moves.push({ action: 'withdraw', by: proposer, at })
  if (ending === 'expired') moves.push({ action: 'expire', by: 'time', at })
  const parties = { messageId: randomUUID(), senderId, receiverId, tradeType: pick(['sell', 'buy'] as const, 5) }
  return moves.reduce<{ item?: TradeOfferItem }>(({ item }, move, seq) => ({
    item: storeMove(item ?? parties, item?.moves ?? [], move, { seq: seq + 1 })
  }), {}).item!
}

async function page (user: TestUser, query: string): Promise<TradePage> {
  const response = await user.get(`/trades?${query}`)
  assert.equal(response.statusCode, 200, response.body)
  return response.json()
}

t.test('any query lists exactly the offers that it asks for, each once, newest first', async t => {
  const app = await testApp(t)
  const now = Date.now()
  const items = Array.from({ length: 300 }, (_, n) => stored(n, now))
  await app.entities.entities.tradeOffer.put(items).go({ concurrent: 8 })
  const newestFirst = (a: TradeOffer, b: TradeOffer) =>
    a.createdAt === b.createdAt ? (a.messageId < b.messageId ? 1 : -1) : (a.createdAt < b.createdAt ? 1 : -1)
  const offers = (JSON.parse(JSON.stringify(items.map(item => showOffer(item)))) as TradeOffer[]).sort(newestFirst)
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  let pages = 0
  await fc.assert(fc.asyncProperty(fc.record({
    userId: fc.constantFrom(...users, 'nobody'),
    role: maybe(fc.constantFrom('sender', 'receiver', 'both')),
    status: maybe(fc.subarray([...endings], { minLength: 1 })),
    tradeType: maybe(fc.constantFrom('sell', 'buy')),
    with: maybe(fc.constantFrom(...users, 'nobody')),
    awaiting: maybe(fc.constant('me')),
    limit: maybe(fc.integer({ min: 1, max: 100 }))
  }), async ({ userId, ...query }) => {
    const expected = offers.filter(offer => {
      const { senderId, receiverId, status, awaiting, currentProposal: { tradeType } } = offer
      if (query.role !== 'receiver' && senderId === userId) {
        if (query.with !== undefined && receiverId !== query.with) return false
      } else if (query.role !== 'sender' && receiverId === userId) {
        if (query.with !== undefined && senderId !== query.with) return false
      } else {
        return false
      }
      return (query.status === undefined || query.status.includes(status as never)) &&
        (query.tradeType === undefined || tradeType === query.tradeType) &&
        (query.awaiting === undefined || awaiting === userId)
    })
    const params = new URLSearchParams(Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((one): [string, string] => [name, String(one)])))
    const found: TradeOffer[] = []
    const user = new TestUser(app, userId)
    for (let token: string | null = ''; token !== null;) {
      const { trades, nextPageToken }: TradePage = await page(user, `${params}${token === '' ? '' : `&pageToken=${token}`}`)
      assert.ok(trades.length <= (query.limit ?? 20))
      found.push(...trades)
      token = nextPageToken
      pages++
    }
    assert.deepEqual(found.map(({ messageId }) => messageId), expected.map(({ messageId }) => messageId))
    assert.deepEqual(found, expected)
  }), { numRuns: 120 })
  t.comment(`${pages} pages`)
})

t.test('a page that nothing is filtered from is full while more follow', async t => {
  const app = await testApp(t)
  const now = Date.now()
  const items = Array.from({ length: 150 }, (_, n) => stored(n, now))
  await app.entities.entities.tradeOffer.put(items).go({ concurrent: 8 })
  const mine = items.filter(({ senderId, receiverId }) => senderId === 'alice' || receiverId === 'alice').length
  const alice = new TestUser(app, 'alice')
  const first = await page(alice, '')
  t.equal(first.trades.length, 20)
  t.equal((await page(alice, 'limit=100')).trades.length, mine)
  t.equal((await page(alice, `limit=100&pageToken=${first.nextPageToken}`)).trades.length, mine - 20)
})

t.test('an offer that moves between pages is not listed again', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const offers: TradeOffer[] = []
  for (let n = 0; n < 4; n++) offers.unshift(await open(alice, bob))
  const first = await page(bob, 'limit=2')
  await bob.post(`/trades/${offers[0]!.messageId}/respond`, { response: 'accept' })
  await open(alice, bob)
  const second = await page(bob, `limit=2&pageToken=${first.nextPageToken}`)
  t.same([...first.trades, ...second.trades].map(({ messageId }) => messageId).sort(), offers.map(({ messageId }) => messageId).sort())
})

t.test('an offer that is closed while a page is read is listed once, as it has become', async t => {
  const { app, alice } = await threeOffers(t)
  const [newest] = (await page(alice, '')).trades
  const queries = intercept(t, app, 'Query', async (attempt, count) => {
    const answer = await attempt()
    if (count === 0) await new TestUser(app, 'bob').post(`/trades/${newest!.messageId}/respond`, { response: 'accept' })
    return answer
  })
  const { trades } = await page(alice, 'role=sender')
  t.equal(queries.count, 2)
  t.strictSame(trades.map(({ status }) => status), ['accepted', 'pending', 'pending'])
  t.equal(trades[0]!.messageId, newest!.messageId)
})

t.test('what passes a filter is found behind as many others as a page may look at, and further on by pages', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const rare = await open(alice, bob, { tradeType: 'buy' })
  const { data: model } = await app.entities.entities.tradeOffer.get({ messageId: rare.messageId }).go()
  const items = Array.from({ length: 600 }, (_, n) => ({ ...model!, tradeType: 'sell' as const, messageId: randomUUID(), createdAt: model!.createdAt + 1 + n }))
  await app.entities.entities.tradeOffer.put(items).go({ concurrent: 8 })
  for (const query of ['tradeType=buy', 'tradeType=buy&role=sender', 'tradeType=buy&status=pending']) {
    const found: TradeOffer[] = []
    let pages = 0
    for (let token: string | null = ''; token !== null; pages++) {
      const { trades, nextPageToken }: TradePage = await page(alice, `${query}${token === '' ? '' : `&pageToken=${token}`}`)
      found.push(...trades)
      token = nextPageToken
    }
    t.strictSame(found, [rare], query)
    t.ok(pages <= 12, `${pages} pages`)
  }
})

t.test('a page token is good for its caller and its query only', async t => {
  const { app, alice } = await threeOffers(t)
  const { nextPageToken: token } = await page(alice, 'limit=1')
  t.equal((await page(alice, `limit=5&role=both&pageToken=${token}`)).trades.length, 2, 'the limit may change')
  for (const query of [
    'role=sender', 'role=receiver', 'status=pending', 'status=pending&status=expired', 'tradeType=sell', 'with=bob', 'awaiting=me'
  ]) refused(t, await alice.get(`/trades?limit=1&${query}&pageToken=${token}`), 'invalid_page_token', query)
  for (const id of ['bob', 'Alice', 'mallory']) {
    refused(t, await new TestUser(app, id).get(`/trades?limit=1&pageToken=${token}`), 'invalid_page_token', id)
  }
  refused(t, await alice.get(`/conversations?pageToken=${token}`), 'invalid_page_token')
  refused(t, await alice.get(`/trades?pageToken=${token}x`), 'invalid_page_token')
  const filtered = (await page(alice, 'limit=1&status=pending&status=accepted')).nextPageToken
  t.equal((await page(alice, `status=accepted&status=pending&pageToken=${filtered}`)).trades.length, 2, 'the order of statuses says nothing')
})

t.test('a query that does not match the schema is refused', async t => {
  const { alice } = await threeOffers(t)
  for (const query of [
    'limit=0', 'limit=101', 'limit=-1', 'limit=1.5', 'limit=x', 'limit=', 'limit=1&limit=2', 'role=me', 'role=', 'status=open', 'status=',
    'status=pending&status=pending', 'status=Pending', 'tradeType=lend', 'awaiting=you', 'awaiting=alice', 'with=', 'with=a%23b', 'with=a~b',
    'pageToken=', 'color=red', 'status[]=pending'
  ]) refused(t, await alice.get(`/trades?${query}`), 'validation_failed', query)
  for (const query of ['limit=1', 'limit=100', 'status=pending&status=accepted']) t.equal((await alice.get(`/trades?${query}`)).statusCode, 200, query)
})

async function threeOffers (t: Test) {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  for (let n = 0; n < 3; n++) await open(alice, bob)
  return { app, alice, bob }
}

import t from 'tap'
import type { Message, MessagePage } from '../../schemas/message.js'
import type { MissedPage } from '../../schemas/sync.js'
import type { TradePage } from '../../schemas/trade-list.js'
import type { TradeOffer } from '../../schemas/trade-offer.js'
import { liveApp, framesOf } from '../support/live.js'
import { testApp, TestStream, TestUser } from '../support/helper.js'
import { listed } from '../support/lists.js'
import { requestUnits } from '../support/request-units.js'
import { open, opening, respond, standingOf, state } from '../support/trades.js'

t.test('a message is the same in its answer, live, caught up with, in a page and in sync, whatever became of its offer', async t => {
  const { url, user, open: connect } = await liveApp(t)
  const [alice, bob] = [user('alice'), user('bob')]
  const { cursor } = (await bob.get('/sync')).json<MissedPage>()
  const socket = await connect('bob')
  const opened = (await alice.post('/bob', { ...opening(), text: 'from my roof' })).json<Message>()
  const offer = { messageId: opened.messageId }
  const states: TradeOffer[] = []
  for (const [who, body] of [
    [bob, { response: 'counter', pricePerUnit: 0.2, text: 'too dear' }], [alice, { response: 'counter', revision: 2, totalAmount: 20 }],
    [bob, { response: 'accept', revision: 3 }]
  ] as const) states.push(standingOf((await respond(who, offer, body)).json()))
  await socket.settle()
  const live = socket.received.flatMap<Message>(frame =>
    frame.type === 'newMessage' ? [frame.data] : frame.type === 'tradeResponse' ? [frame.data.message] : [])
  t.equal(live.length, 4)
  t.strictSame(live[0], opened)
  t.match(opened, { tradeOffer: { status: 'pending', revision: 1, awaiting: 'bob', currentProposal: { pricePerUnit: 0.27 } } })
  t.strictSame(framesOf(socket, 'tradeResponse').map(({ data }) => data.offer), states, 'each move came with the offer as it was with it')

  const now = await state(bob, offer)
  t.strictSame(listed((await bob.get('/alice?order=asc')).json<MessagePage>()), { messages: live, offers: [now], nextPageToken: null })
  const missed = (await bob.get(`/sync?since=${cursor}`)).json<MissedPage>()
  t.strictSame(missed.messages, live)
  t.strictSame(missed.offers, [now])

  const stream = await TestStream.open(t, url, { authorization: `Bearer ${bob.token}`, 'last-event-id': cursor })
  await stream.next('resumed')
  t.strictSame(stream.received.flatMap<Message>(frame =>
    frame.type === 'newMessage' ? [frame.data] : frame.type === 'tradeResponse' ? [frame.data.message] : []), live)
  t.strictSame(stream.received.flatMap(frame => frame.type === 'tradeResponse' ? [frame.data.offer] : []), states, 'also caught up with')
})

t.test('a page shows each offer that its messages belong to once, without its history, and no other', async t => {
  const { user } = await liveApp(t)
  const [alice, bob] = [user('alice'), user('bob')]
  const offers: TradeOffer[] = []
  for (let n = 0; n < 3; n++) offers.push(await open(alice, bob))
  await alice.say('bob', 'hello')
  for (const offer of offers) await respond(bob, offer, { response: 'reject' })
  const page = async (query: string) => (await alice.get(`/bob?${query}`)).json<MessagePage>()
  const ids = ({ offers }: MessagePage) => offers.map(({ messageId }) => messageId)
  t.strictSame(ids(await page('order=asc')), offers.map(({ messageId }) => messageId))
  t.strictSame(ids(await page('order=asc&limit=2')), offers.slice(0, 2).map(({ messageId }) => messageId))
  t.strictSame(ids(await page('limit=1')), [offers[2]!.messageId], 'also that of a move alone')
  t.strictSame((await page('order=asc&afterSeq=3&limit=1')).offers, [])
  const shown = [...(await page('')).offers, ...(await alice.get('/trades')).json<TradePage>().trades]
  t.equal(shown.length, 6)
  for (const offer of shown) {
    t.equal(offer.status, 'rejected')
    t.notOk('negotiationHistory' in offer)
  }
})

t.test('what a page of long messages has no room for is not read, or hardly', async t => {
  const app = await testApp(t)
  const meter = requestUnits(app)
  const alice = new TestUser(app, 'alice')
  for (let n = 0; n < 60; n++) await alice.say('bob', '🌞'.repeat(3900))
  let messages: Message[] = []
  const { read } = await meter(async () => { messages = (await alice.get('/bob?limit=100')).json<MessagePage>().messages })
  // 4 RCU for each of 16 KB.
  t.ok(read <= 4 * messages.length * 1.8, `${read} RCU for ${messages.length} messages`)
})

t.test('a page of long messages, or a sync, holds some 256 KiB and leads on to the rest', async t => {
  const { user } = await liveApp(t)
  const [alice, bob] = [user('alice'), user('bob')]
  const { cursor } = (await bob.get('/sync')).json<MissedPage>()
  const text = '🌞'.repeat(3900)
  const count = 40
  for (let n = 0; n < count; n++) await alice.say('bob', text)
  const all = Array.from({ length: count }, (_, n) => n + 1)
  for (const order of ['asc', 'desc']) {
    const seqs: number[] = []
    let pages = 0
    for (let token = ''; ; pages++) {
      const response = await alice.get(`/bob?limit=100&order=${order}${token}`)
      const { messages, nextPageToken } = response.json<MessagePage>()
      t.ok(Buffer.byteLength(response.body) < 300 * 1024 && messages.length > 0)
      seqs.push(...messages.map(({ seq }) => seq))
      if (nextPageToken === null) break
      token = `&pageToken=${nextPageToken}`
    }
    t.strictSame(seqs, order === 'asc' ? all : [...all].reverse())
    t.equal(pages, 2, 'three pages')
  }
  const synced: number[] = []
  for (let since = cursor, more = true; more;) {
    const response = await bob.get(`/sync?limit=100&since=${since}`)
    const page = response.json<MissedPage>()
    t.ok(Buffer.byteLength(response.body) < 300 * 1024)
    synced.push(...page.messages.map(({ seq }) => seq))
    ;({ cursor: since, more } = page)
  }
  t.strictSame(synced, all)
})

import t from 'tap'
import type { TradeOffer } from '../../../schemas/trade-offer.js'
import { open, respond } from '../../support/trades.js'
import { areSigned, deliveriesOf, sendingApp, subscribe, told, tradeTypes, untilDeliveries } from '../../support/webhooks.js'

t.test('what happens is sent to who wants it, signed, with its own id', async t => {
  const { integration, alice, bob, receiver } = await sendingApp(t)
  const endpoint = await subscribe(integration, receiver.url)
  const offer = await open(alice, bob, { text: 'Energy trade proposal' })
  await alice.say('bob', 'hello')
  await respond(bob, offer, { response: 'counter', revision: 1, pricePerUnit: 0.2, text: 'too much' })
  await respond(alice, offer, { response: 'accept', revision: 2 })
  await receiver.until(received => told(received).length === 4)
  t.strictSame(told(receiver.received), ['trade.offered 1', 'message.created 2', 'trade.countered 3', 'trade.accepted 4'])
  t.ok(areSigned(receiver.received, endpoint))
  const [offered, said, countered, accepted] = receiver.received
  t.match(offered!.event, { type: 'trade.offered', data: { offer: { status: 'pending' }, message: { messageId: offer.messageId, text: 'Energy trade proposal' } } })
  t.equal(offered!.headers['webhook-id'], `msg_${offer.messageId.replaceAll('-', '')}`)
  t.match(said!.event, { data: { message: { messageType: 'text', text: 'hello' } } })
  t.match(countered!.event, { data: { offer: { status: 'countered', revision: 2, awaiting: 'alice' }, message: { text: 'too much', tradeResponse: { action: 'counter' } } } })
  t.match(accepted!.event, { data: { offer: { status: 'accepted' }, message: { tradeResponse: { action: 'accept', revision: 2 } } } })
  for (const { event, headers } of receiver.received) {
    t.equal(event.timestamp, 'message' in event.data ? event.data.message.timestamp : undefined)
    t.match(headers, { 'content-type': 'application/json', 'user-agent': /^equilux-chat\/\d/ })
  }
  const deliveries = await untilDeliveries(integration, endpoint, found => found.length === 4 && found.every(({ state }) => state === 'delivered'))
  t.strictSame(deliveries.map(({ type, seq, attempts, lastStatus }) => [type, seq, attempts, lastStatus]), [
    ['trade.accepted', 4, 1, 204], ['trade.countered', 3, 1, 204], ['message.created', 2, 1, 204], ['trade.offered', 1, 1, 204]
  ])
})

t.test('without the scope for texts nothing that was said is sent', async t => {
  const { integration, alice, bob, receiver } = await sendingApp(t, { scopes: ['trades'] })
  await subscribe(integration, receiver.url, tradeTypes)
  const secret = 'only for the two of us'
  const offer = await open(alice, bob, { text: secret })
  await alice.say('bob', secret)
  await respond(bob, offer, { response: 'reject', text: secret })
  await receiver.until(received => told(received).length === 2)
  t.strictSame(told(receiver.received), ['trade.offered 1', 'trade.rejected 3'])
  t.notMatch(receiver.received.map(({ body }) => body).join(), secret)
})

t.test('a receiver that answers 500 at random gets everything, in order within each conversation', async t => {
  const { integration, alice, receiver } = await sendingApp(t)
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  const others = ['bob', 'carol', 'dave']
  const count = 25
  // Once at most: an event that is refused twice is left behind.
  const failures = new Set<string>()
  receiver.answer = ({ headers: { 'webhook-id': id = '' } }) => {
    if (failures.has(id) || Math.random() < 0.6) return 200
    failures.add(id)
    return 500
  }
  await Promise.all(others.map(async other => {
    for (let n = 0; n < count; n++) t.equal((await alice.say(other, `message ${n}`)).statusCode, 201)
  }))
  await untilDeliveries(integration, endpoint, found => found.filter(({ state }) => state === 'delivered').length === count * others.length)
  for (const other of others) {
    const seqs = receiver.received.flatMap(({ event }) => event.type === 'message.created' && event.data.message.receiverId === other ? event.data.message.seq : [])
    t.strictSame([...new Set(seqs)], Array.from({ length: count }, (_, n) => n + 1), `the conversation with ${other}`)
    t.strictSame(seqs, [...seqs].sort((one, two) => one - two), 'what came later came again later')
  }
  t.ok(failures.size > 0, `${failures.size} events failed at first`)
  t.ok(areSigned(receiver.received, endpoint))
})

t.test('an event that is refused again and again is left behind after two attempts, and tried until it is given up', async t => {
  const { app, integration, alice, bob, receiver } = await sendingApp(t)
  const endpoint = await subscribe(integration, receiver.url, ['message.created', 'trade.offered'])
  receiver.answer = ({ event }) => event.type === 'trade.offered' ? 503 : 204
  const offer: TradeOffer = await open(alice, bob)
  await alice.say('bob', 'after it')
  const deliveries = await untilDeliveries(integration, endpoint, found => found.some(({ state }) => state === 'failed') && found.some(({ state }) => state === 'delivered'))
  t.match(deliveries, [
    { type: 'message.created', state: 'delivered', attempts: 1 },
    { type: 'trade.offered', eventId: `msg_${offer.messageId.replaceAll('-', '')}`, state: 'failed', attempts: 10, lastStatus: 503, lastFault: null, nextAttemptAt: null }
  ])
  const types = receiver.received.map(({ event }) => event.type)
  t.equal(types.filter(type => type === 'trade.offered').length, 10)
  t.strictSame(types.slice(0, 2), ['trade.offered', 'trade.offered'], 'at first the later one waits')
  t.equal((await deliveriesOf(integration, endpoint, '&state=failed')).length, 1)
  const measured = await app.scrape()
  for (const line of ['attempts_total{outcome="delivered"} 1', 'attempts_total{outcome="refused"} 10', 'attempts_total{outcome="failed"} 0', 'endpoints{state="enabled"} 1', 'endpoints{state="held"} 0']) {
    t.ok(measured.includes(`equilux_webhook_${line}\n`), line)
  }
})

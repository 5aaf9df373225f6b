import t from 'tap'
import type { Message } from '../../../schemas/message.js'
import { intercept, loseAnswer, sdkFault } from '../../support/faults.js'
import { framesOf, liveApp, sleep, until } from '../../support/live.js'
import { open as openOffer, respond } from '../../support/trades.js'
import { scrape } from '../../observability/metrics/scrape.js'

/** For machines that are busy with other tests. */
const patience = 30_000

t.test('a message whose answer is lost for good is told to both all the same, though nobody tries again', async t => {
  const { app, open, user } = await liveApp(t)
  const sockets = [await open('alice'), await open('bob')]
  const transactions = intercept(t, app, 'TransactWriteItems', loseAnswer(Infinity))
  const sent = await user('alice').say('bob', 'lost?')
  t.equal(sent.statusCode, 503)
  t.equal(sent.json<{ code: string }>().code, 'database_unavailable')
  transactions.remove()
  for (const socket of sockets) {
    const { data } = await socket.next('newMessage', patience)
    t.equal(data.text, 'lost?')
    t.same((await user('bob').get('/alice')).json<{ messages: Message[] }>().messages, [data])
  }
})

t.test('a move whose answer is lost for good is told with the offer as it is with it', async t => {
  const { app, open, user } = await liveApp(t)
  const [alice, bob] = [user('alice'), user('bob')]
  const offer = await openOffer(alice, bob)
  const sockets = [await open('alice'), await open('bob')]
  const transactions = intercept(t, app, 'TransactWriteItems', loseAnswer(Infinity))
  t.equal((await respond(bob, offer, { response: 'accept' })).statusCode, 503)
  transactions.remove()
  for (const socket of sockets) {
    const { data } = await socket.next('tradeResponse', patience)
    t.equal(data.offer.status, 'accepted')
    t.equal(data.message.seq, 2)
  }
})

t.test('with a retry as well nobody gets it twice, and it is counted once', async t => {
  const { app, open, user } = await liveApp(t)
  const sockets = [await open('alice'), await open('bob')]
  const headers = { 'idempotency-key': 'once' }
  const transactions = intercept(t, app, 'TransactWriteItems', loseAnswer(Infinity))
  // The first look at what became of it fails too, so that the retry comes first.
  const reads = intercept(t, app, 'BatchGetItem', async (attempt, count) => {
    if (count < 3) throw sdkFault('TimeoutError')
    return await attempt()
  })
  t.equal((await user('alice').say('bob', 'once', headers)).statusCode, 503)
  transactions.remove()
  const again = await user('alice').say('bob', 'once', headers)
  t.equal(again.statusCode, 201)
  t.equal(again.headers['idempotent-replayed'], 'true')
  for (const socket of sockets) t.same((await socket.next('newMessage', patience)).data, again.json())
  await until('it was looked for', () => reads.count > 3, patience)
  const counted = async () => (await scrape(app)).value('equilux_messages_accepted_total', { type: 'text' })
  for (const end = Date.now() + patience; await counted() === 0 && Date.now() < end;) await sleep(20)
  t.equal(await counted(), 1)
  for (const socket of sockets) {
    await socket.settle()
    t.equal(framesOf(socket, 'newMessage').length, 1)
  }
})

t.test('one that comes late, after it was looked for in vain, is told as well', async t => {
  const { app, open, user } = await liveApp(t)
  const bob = await open('bob')
  let late: (() => Promise<unknown>) | undefined
  const transactions = intercept(t, app, 'TransactWriteItems', async attempt => {
    late ??= attempt
    throw sdkFault('TimeoutError')
  })
  const reads = intercept(t, app, 'BatchGetItem', async attempt => await attempt())
  t.equal((await user('alice').say('bob', 'late')).statusCode, 503)
  await until('it was looked for', () => reads.count > 0, patience)
  transactions.remove()
  await late?.()
  t.equal((await bob.next('newMessage', patience)).data.text, 'late')
})

t.test('what was never written is told to nobody', async t => {
  const { app, open, user } = await liveApp(t)
  const bob = await open('bob')
  const transactions = intercept(t, app, 'TransactWriteItems', async () => { throw sdkFault('TimeoutError') })
  const reads = intercept(t, app, 'BatchGetItem', async attempt => await attempt())
  t.equal((await user('alice').say('bob', 'lost')).statusCode, 503)
  transactions.remove()
  t.equal((await user('alice').say('bob', 'another')).statusCode, 201)
  await until('it was looked for', () => reads.count > 0, patience)
  await bob.settle()
  t.same(framesOf(bob, 'newMessage').map(({ data }) => data.text), ['another'])
})

t.test('what takes longer than a request may is refused, and told when it is done', async t => {
  const { app, open, user } = await liveApp(t, { answerWithin: 2000 })
  const bob = await open('bob')
  let commit: () => void = () => {}
  const refused = new Promise<void>(resolve => { commit = resolve })
  intercept(t, app, 'TransactWriteItems', async attempt => {
    await refused
    return await attempt()
  })
  const sent = await user('alice').say('bob', 'late')
  t.equal(sent.statusCode, 503)
  t.equal(sent.headers['retry-after'], '1')
  t.equal(sent.json<{ code: string }>().code, 'database_unavailable')
  t.same(framesOf(bob, 'newMessage'), [])
  commit()
  t.equal((await bob.next('newMessage', patience)).data.text, 'late')
})

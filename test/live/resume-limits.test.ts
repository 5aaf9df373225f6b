import t from 'tap'
import { pairOf } from '../../src/services/messaging/pair.js'
import { requestUnits } from '../support/request-units.js'
import { messagesOf, seqsOf, upTo } from '../support/follower.js'
import { framesOf, liveApp, unannounced } from '../support/live.js'

const hour = 3600_000

/** An app whose user ann has a long conversation with bob, one message a second until an hour ago. */
async function longHistory (t: Parameters<typeof liveApp>[0], messages: number, options: Parameters<typeof liveApp>[1] = {}) {
  const live = await liveApp(t, options)
  const { app, user } = live
  unannounced(app)
  await user('bob').say('ann', 'first')
  const { conversation, message } = app.entities.entities
  const { conversationId } = pairOf('ann', 'bob')
  const { data: first } = await message.get({ conversationId, seq: 1 }).go()
  const { data: head } = await conversation.get({ conversationId }).go()
  const now = Date.now()
  const at = (seq: number) => now - hour - (messages - seq) * 1000
  const start = at(0) - hour
  await message.put(upTo(messages).map(seq => ({ ...first!, seq, timestamp: new Date(at(seq)).toISOString() }))).go({ concurrent: 4 })
  await conversation.put({
    ...head!, seq: messages, indexedAt: at(messages), lastMessage: { ...head!.lastMessage, timestamp: new Date(at(messages)).toISOString() }
  }).go()
  return { ...live, cursorAt: (offset: number) => app.services.cursors.issue('ann', { at: start + offset, seen: {} }) }
}

const patience = 30_000

t.test('a connection never reads again what it was sent', async t => {
  const { app, cursorAt, open, user } = await longHistory(t, 600, { hubLimits: { resumeInterval: 200 } })
  const ann = await open('ann')
  const meter = requestUnits(app)
  const resume = async (since: string) => await meter(async () => {
    ann.send({ type: 'resume', data: { since } })
    const { data } = await ann.next('resumed', patience)
    replayed.push(data.replayed)
  })
  const replayed: number[] = []
  const first = await resume(cursorAt(10_000))
  t.ok(first.read > 50, `it was long: ${first.read} RCU`)
  for (const since of [cursorAt(10_000), cursorAt(20_000), cursorAt(90_000)]) {
    const { read } = await resume(since)
    t.ok(read <= 5, `a cursor that is not older: ${read} RCU`)
  }
  const older = await resume(cursorAt(0))
  t.ok(older.read <= 20, `an older one, with nothing before: ${older.read} RCU`)
  t.same(replayed, [600, 0, 0, 0, 0])
  await user('bob').say('ann', 'live')
  await ann.next('newMessage', patience)
  const own = framesOf(ann, 'newMessage').at(-1)!.cursor!
  t.ok((await resume(own)).read <= 5)
  t.same(seqsOf(ann.received), { 'ann~bob': upTo(601) })
})

t.test('an older cursor brings only what was not sent', async t => {
  const { app, cursorAt, open } = await longHistory(t, 300, { hubLimits: { resumeInterval: 200 } })
  const ann = await open('ann')
  const meter = requestUnits(app)
  // An hour, and then one second a message; cursors leave 10 s for what settles.
  const middle = cursorAt(hour + 250_000)
  ann.send({ type: 'resume', data: { since: middle } })
  const { data: { replayed } } = await ann.next('resumed', patience)
  t.ok(replayed > 0 && replayed < 100, `${replayed} at first`)
  const { read } = await meter(async () => {
    ann.send({ type: 'resume', data: { since: cursorAt(hour + 240_000) } })
    t.equal((await ann.next('resumed', patience)).data.replayed, 10)
  })
  t.ok(read <= 40, `${read} RCU for ten more`)
  t.same(new Set(messagesOf(ann.received).map(({ seq }) => seq)), new Set(upTo(300, 300 - replayed - 9)))
})

t.test('resumes that read are spaced: two at once, one waits, and of several all but the last are refused', async t => {
  const { cursorAt, open } = await longHistory(t, 20, { hubLimits: { resumeInterval: 1500 } })
  const ann = await open('ann')
  const began = performance.now()
  for (const n of [1, 2, 3, 4, 5]) ann.send({ type: 'resume', id: `${n}`, data: { since: cursorAt(-n * 60_000) } })
  const refused = [await ann.next('error', patience), await ann.next('error', patience)]
  t.same(refused.map(({ id, data }) => [id, data.code, data.retryable]), [['3', 'rate_limited', true], ['4', 'rate_limited', true]])
  while ((await ann.next('ack', patience)).id !== '5');
  t.ok(performance.now() - began >= 1400, 'the last one waited for its turn')
  t.same(framesOf(ann, 'ack').map(({ id }) => id), ['1', '2', '5'])
  t.equal(framesOf(ann, 'resumed').length, 3)
  // Those that read nothing need no turn.
  for (const n of [6, 7, 8]) ann.send({ type: 'resume', id: `${n}`, data: { since: cursorAt(0) } })
  for (const id of ['6', '7', '8']) t.equal((await ann.next('ack', patience)).id, id)
})

t.test('frames count with the requests of their user; a pong doesn\'t', async t => {
  const { open, user } = await liveApp(t, { env: { RATE_LIMIT_MAX: '8' } })
  const ann = user('ann')
  // The upgrade counts too.
  const socket = await open('ann')
  for (let n = 1; n <= 3; n++) t.equal((await ann.get('/users')).statusCode, 200)
  for (let n = 1; n <= 20; n++) {
    socket.send({ type: 'pong', id: `pong ${n}` })
    await socket.next('ack', patience)
  }
  for (let n = 1; n <= 6; n++) socket.send({ type: 'stopTyping', id: `${n}`, data: { userId: 'bob' } })
  for (const id of ['1', '2', '3', '4']) t.equal((await socket.next('ack', patience)).id, id)
  for (const id of ['5', '6']) t.match(await socket.next('error', patience), { id, data: { code: 'rate_limited', retryable: true } })
  t.equal((await ann.get('/users')).statusCode, 429)
  socket.socket.send('{')
  t.match(await socket.next('error', patience), { data: { code: 'rate_limited' } })
  const bob = await open('bob')
  bob.send({ type: 'stopTyping', id: 'b', data: { userId: 'ann' } })
  t.equal((await bob.next('ack', patience)).id, 'b')
})

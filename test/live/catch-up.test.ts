import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { MissedPage } from '../../schemas/sync.js'
import type { Outlet } from '../../src/hub/outlet.js'
import { intercept, sdkFault } from '../support/faults.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { open as openOffer, patiently, respond } from '../support/trades.js'
import { lastCursor, messageOf, messagesOf, seqsOf, upTo } from '../support/follower.js'
import { liveApp, until } from '../support/live.js'

let tables = 0
const table = () => ({ TABLE_NAME: `resume-${process.pid}-${++tables}` })
const cursorOf = async (user: TestUser) => (await patiently(() => user.get('/sync'))).json<MissedPage>().cursor

t.test('a client that was away gets exactly what it missed, then what happens', async t => {
  const { open, user } = await liveApp(t)
  const [ann, bob] = [user('ann'), user('bob')]
  await bob.say('ann', 'seen')
  const first = await open('ann')
  const offer = await openOffer(bob, ann)
  const { cursor } = await first.next('newMessage')
  first.socket.terminate()
  const missed = []
  for (const text of ['one', 'two', 'three']) missed.push((await bob.say('ann', text)).json())
  await respond(ann, offer, { response: 'accept', revision: 1 })
  await user('cy').say('ann', 'hello')

  const second = await open('ann')
  second.send({ type: 'resume', id: 'r', data: { since: cursor } })
  const resumed = await second.next('resumed')
  t.equal(resumed.data.replayed, 5)
  t.equal((await second.next('ack')).id, 'r')
  t.same(seqsOf(second.received), { 'ann~bob': [3, 4, 5, 6], 'ann~cy': [1] })
  t.same(messagesOf(second.received).slice(0, 3), missed)
  const move = second.received.find(({ type }) => type === 'tradeResponse')
  t.match(move, { data: { offer: { messageId: offer.messageId, status: 'accepted' }, message: { seq: 6, tradeResponse: { action: 'accept' } } } })

  await bob.say('ann', 'live')
  t.match(await second.next('newMessage'), { data: { text: 'live', seq: 7 } })
  const third = await open('ann')
  third.send({ type: 'resume', data: { since: resumed.data.cursor } })
  t.equal((await third.next('resumed')).data.replayed, 1)
  t.same(seqsOf(third.received), { 'ann~bob': [7] })
})

t.test('the cursor of any event goes on right after it, also in the middle of what was missed', async t => {
  const { open, user } = await liveApp(t)
  const since = await cursorOf(user('ann'))
  for (let n = 0; n < 12; n++) await user(n % 3 === 0 ? 'bob' : 'cy').say('ann', String(n))
  const first = await open('ann')
  first.send({ type: 'resume', data: { since } })
  await first.next('resumed')
  const events = first.received.filter(frame => messageOf(frame) !== undefined)
  t.equal(events.length, 12)
  for (const [n, event] of events.entries()) {
    const again = await open('ann')
    again.send({ type: 'resume', data: { since: (event as { cursor: string }).cursor } })
    t.equal((await again.next('resumed')).data.replayed, 11 - n)
    t.same(messagesOf(again.received), messagesOf(events.slice(n + 1)))
    again.socket.terminate()
  }
})

t.test('what comes to a conversation that a broken catch-up was past is sent when it goes on', async t => {
  const { open, user } = await liveApp(t)
  const since = await cursorOf(user('ann'))
  for (const id of ['bob', 'cy', 'cy']) await user(id).say('ann', id)
  const first = await open('ann')
  first.send({ type: 'resume', data: { since } })
  while ((await first.next('newMessage')).data.senderId !== 'cy');
  await first.next('resumed')
  first.socket.terminate()
  const { cursor } = first.received.find(frame => messageOf(frame)?.senderId === 'cy') as { cursor: string }
  await user('bob').say('ann', 'later')
  const second = await open('ann')
  second.send({ type: 'resume', data: { since: cursor } })
  t.equal((await second.next('resumed')).data.replayed, 2)
  await user('bob').say('ann', 'live')
  await second.next('newMessage')
  t.same(seqsOf(second.received), { 'ann~bob': [2, 3], 'ann~cy': [2] })
})

t.test('while two write during a catch-up, nothing is skipped or repeated between it and live', async t => {
  const { open, user } = await liveApp(t)
  const writers = [user('bob'), user('cy')]
  const sent = [0, 0]
  const write = async (n: number, times: number) => {
    for (let k = 0; k < times; k++) {
      await patiently(() => writers[n]!.say('ann', `${n} ${k}`))
      sent[n]!++
    }
  }
  let cursor = await cursorOf(user('ann'))
  for (let round = 0; round < 8; round++) {
    const before = [...sent]
    await Promise.all([write(0, 30), write(1, 30)])
    const socket = await open('ann')
    socket.send({ type: 'resume', data: { since: cursor } })
    await socket.next('newMessage')
    await Promise.all([write(0, 10), write(1, 10)])
    const { data } = await socket.next('resumed')
    await until('all came', () => messagesOf(socket.received).length >= 80)
    await socket.settle()
    t.same(seqsOf(socket.received), { 'ann~bob': upTo(sent[0]!, before[0]! + 1), 'ann~cy': upTo(sent[1]!, before[1]! + 1) })
    t.ok(data.replayed >= 60 && data.replayed <= 80, `${data.replayed} were replayed`)
    cursor = lastCursor(socket.received)!
    socket.socket.terminate()
  }
})

t.test('over many cuts at any moment under load, resuming from the last event leaves no gap', async t => {
  const { app, open, user } = await liveApp(t)
  const load = { paused: false, over: false, writes: 0 }
  const sent: Record<string, number> = { 'ann~bob': 0, 'ann~cy': 0 }
  const write = async (id: string) => {
    while (!load.over) {
      if (load.paused) { await sleep(1); continue }
      load.writes++
      const { conversationId, seq } = (await patiently(() => user(id).say('ann', 'x'))).json()
      load.writes--
      sent[conversationId] = seq
    }
  }
  let cursor = await cursorOf(user('ann'))
  const got: Record<string, number[]> = { 'ann~bob': [], 'ann~cy': [] }
  const writing = Promise.all([write('bob'), write('cy')])
  for (let cut = 0; cut < 40; cut++) {
    // Live events before the catch-up begins don't count as seen: the client keeps its cursor until then.
    load.paused = true
    await until('nobody writes', () => load.writes === 0)
    const socket = await open('ann')
    socket.send({ type: 'resume', data: { since: cursor } })
    const from = socket.received.length
    if (cut % 2 === 0) await until('it begins', () => socket.received.length > from)
    else await socket.next('resumed')
    load.paused = false
    const wanted = socket.received.length + Math.floor(Math.random() * 25)
    await until('some came', () => socket.received.length >= wanted)
    socket.socket.terminate()
    await socket.closed
    for (const [id, seqs] of Object.entries(seqsOf(socket.received))) got[id]!.push(...seqs)
    cursor = lastCursor(socket.received) ?? cursor
  }
  load.over = true
  await writing
  const socket = await open('ann')
  socket.send({ type: 'resume', data: { since: cursor } })
  await socket.next('resumed')
  for (const [id, seqs] of Object.entries(seqsOf(socket.received))) got[id]!.push(...seqs)
  for (const [id, last] of Object.entries(sent)) {
    t.ok(last > 20, `${last} messages`)
    t.same(got[id], upTo(last), `${id}: each once and in order`)
  }
  socket.socket.terminate()
  await until('all are gone', () => app.hub.size.connections === 0)
})

t.test('it resumes on another instance, and after a restart of both', async t => {
  const env = table()
  const first = await liveApp(t, { env })
  const second = await liveApp(t, { env })
  const ann = await first.open('ann')
  await first.user('bob').say('ann', 'one')
  const { cursor } = await ann.next('newMessage')
  ann.socket.terminate()
  await second.user('bob').say('ann', 'two')
  await first.user('bob').say('ann', 'three')
  const elsewhere = await second.open('ann')
  elsewhere.send({ type: 'resume', data: { since: cursor } })
  t.equal((await elsewhere.next('resumed')).data.replayed, 2)
  t.same(seqsOf(elsewhere.received), { 'ann~bob': [2, 3] })
  await second.user('bob').say('ann', 'four')
  const last = await elsewhere.next('newMessage')
  await Promise.all([first.app.close(), second.app.close()])
  t.match(await elsewhere.closed, { code: 4000 })

  const third = await liveApp(t, { env })
  await third.user('bob').say('ann', 'five')
  for (const [since, seqs] of [[cursor, [2, 3, 4, 5]], [last.cursor, [5]]] as const) {
    const again = await third.open('ann')
    again.send({ type: 'resume', data: { since } })
    t.equal((await again.next('resumed')).data.replayed, seqs.length)
    t.same(seqsOf(again.received), { 'ann~bob': seqs })
  }
})

t.test('a cursor that is not the user\'s is refused, and the connection goes on', async t => {
  const { open, user } = await liveApp(t)
  const socket = await open('ann')
  const foreign = await cursorOf(user('bob'))
  for (const since of ['x', foreign, `${await cursorOf(user('ann'))}x`]) {
    socket.send({ type: 'resume', id: since.slice(0, 5), data: { since } })
    t.match(await socket.next('error'), { id: since.slice(0, 5), data: { code: 'invalid_cursor', retryable: false } })
  }
  await user('bob').say('ann', 'hello')
  await socket.next('newMessage')
})

t.test('resuming twice, or from the connection\'s own cursor, repeats nothing', async t => {
  const { open, user } = await liveApp(t)
  const since = await cursorOf(user('ann'))
  for (let n = 0; n < 60; n++) await user('bob').say('ann', String(n))
  const socket = await open('ann')
  for (const id of ['one', 'two']) socket.send({ type: 'resume', id, data: { since } })
  t.equal((await socket.next('resumed')).data.replayed, 60)
  const { data } = await socket.next('resumed')
  t.equal(data.replayed, 0)
  await user('bob').say('ann', 'live')
  const { cursor } = await socket.next('newMessage')
  for (const own of [data.cursor, cursor]) {
    socket.send({ type: 'resume', data: { since: own } })
    t.equal((await socket.next('resumed')).data.replayed, 0)
  }
  t.same(seqsOf(socket.received), { 'ann~bob': upTo(61) })
})

t.test('when the database fails in the middle, the client is told, goes on, and loses nothing', async t => {
  const { app, open, user } = await liveApp(t)
  const since = await cursorOf(user('ann'))
  await Promise.all(upTo(120).map(() => patiently(() => user('bob').say('ann', 'x'))))
  const socket = await open('ann')
  // Once the first page was sent.
  const fault = intercept(t, app, 'Query', async attempt => {
    if (app.hub.tally.replayed >= 50) throw sdkFault('InternalServerError', 500)
    return await attempt()
  })
  socket.send({ type: 'resume', id: 'r', data: { since } })
  t.match(await socket.next('error'), { id: 'r', data: { code: 'database_unavailable', retryable: true } })
  t.same(seqsOf(socket.received), { 'ann~bob': upTo(50) })
  fault.remove()
  // Its cursor claims no more than came before the failure, and the message itself.
  await user('cy').say('ann', 'meanwhile')
  const live = await socket.next('newMessage')
  t.match(live, { data: { senderId: 'cy' } })
  socket.socket.terminate()
  const second = await open('ann')
  second.send({ type: 'resume', data: { since: live.cursor } })
  await second.next('resumed')
  t.same(seqsOf(second.received), { 'ann~bob': upTo(120, 51), 'ann~cy': [1] })
})

t.test('after a failure the same connection can resume', async t => {
  const { app, open, user } = await liveApp(t)
  const since = await cursorOf(user('ann'))
  await user('bob').say('ann', 'one')
  const socket = await open('ann')
  const fault = intercept(t, app, 'BatchGetItem', async () => { throw sdkFault('ThrottlingException', 400) })
  socket.send({ type: 'resume', data: { since } })
  t.match(await socket.next('error'), { data: { retryable: true } })
  fault.remove()
  socket.send({ type: 'resume', data: { since } })
  t.equal((await socket.next('resumed')).data.replayed, 1)
  await user('bob').say('ann', 'two')
  const { cursor } = await socket.next('newMessage')
  t.same(seqsOf(socket.received), { 'ann~bob': [1, 2] })
  t.same((await user('ann').get(`/sync?since=${cursor}`)).json<MissedPage>().messages, [])
})

t.test('a client that doesn\'t read its catch-up holds it up, and gets all of it when it reads', async t => {
  const app = await testApp(t, { hubLimits: { softQueue: 1000 } })
  const url = await listen(app)
  const [ann, bob] = [new TestUser(app, 'ann'), new TestUser(app, 'bob')]
  const since = await cursorOf(ann)
  await bob.say('ann', '☀'.repeat(4000))
  // More than what the system's own buffers take.
  const { conversation, message } = app.entities.entities
  const { data: first } = await message.get({ conversationId: 'ann~bob', seq: 1 }).go()
  await message.put(upTo(800, 2).map(seq => ({ ...first!, seq }))).go({ concurrent: 4 })
  await conversation.patch({ conversationId: 'ann~bob' }).set({ seq: 800 }).go()
  const socket = await TestSocket.open(t, url, ann)
  const [outlet]: Iterable<Outlet> = app.hub.outlets
  socket.socket.pause()
  let most = 0
  const sendEvent = outlet!.sendEvent.bind(outlet)
  outlet!.sendEvent = (...args) => {
    const isSent = sendEvent(...args)
    most = Math.max(most, outlet!.waiting)
    return isSent
  }
  socket.send({ type: 'resume', data: { since } })
  await until('it waits', () => most > 1000)
  app.hub.publish(['ann'], { type: 'newMessage', data: (await bob.say('ann', 'live')).json() })
  socket.socket.resume()
  t.ok((await socket.next('resumed')).data.replayed >= 800)
  await until('all came', () => messagesOf(socket.received).length >= 801)
  t.same(seqsOf(socket.received), { 'ann~bob': upTo(801) })
  t.ok(most < 1000 + 2 * 13_000, `${most} bytes waited at most`)
})

t.test('a connection can begin with what was missed: nothing live comes before it', async t => {
  const app = await testApp(t)
  const url = await listen(app)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const { cursor } = (await bob.get('/sync')).json<MissedPage>()
  for (let n = 1; n <= 20; n++) await alice.say('bob', `${n}`)
  const byHeader = () => new TestSocket(url, { authorization: `Bearer ${bob.token}`, 'last-event-id': cursor })
  const byFrame = () => {
    const socket = new TestSocket(url)
    socket.socket.once('open', () => socket.send({ type: 'auth', data: { token: bob.token, since: cursor } }))
    return socket
  }
  for (const open of [byHeader, byFrame]) {
    const stop = new AbortController()
    const live = (async () => { while (!stop.signal.aborted) await alice.say('bob', 'live') })()
    const socket = open()
    t.teardown(() => socket.socket.terminate())
    t.equal((await socket.next('connected')).data.cursor, cursor)
    t.ok((await socket.next('resumed')).data.replayed >= 20)
    await socket.next('newMessage')
    stop.abort()
    await live
    const { seq: newest } = (await alice.say('bob', 'last')).json<{ seq: number }>()
    const seqs = () => socket.received.flatMap(frame => frame.type === 'newMessage' ? frame.data.seq : [])
    while (seqs().at(-1) !== newest) await socket.next('newMessage')
    t.same(seqs(), Array.from({ length: newest }, (_, n) => n + 1))
  }
})

t.test('a connection can not begin with a cursor of another user', async t => {
  const app = await testApp(t)
  const url = await listen(app)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const { cursor } = (await alice.get('/sync')).json<MissedPage>()
  const refused = new TestSocket(url, { authorization: `Bearer ${bob.token}`, 'last-event-id': cursor })
  const status = await new Promise(resolve => refused.socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)))
  t.equal(status, 400)
  refused.socket.terminate()
  const socket = new TestSocket(url)
  socket.socket.once('open', () => socket.send({ type: 'auth', id: 'a', data: { token: bob.token, since: cursor } }))
  t.match(await socket.next('error'), { id: 'a', data: { code: 'invalid_cursor' } })
  socket.send({ type: 'auth', data: { token: bob.token } })
  t.equal((await socket.next('connected')).data.userId, 'bob')
  socket.socket.terminate()
})

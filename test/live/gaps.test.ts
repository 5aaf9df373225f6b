import t, { type Test } from 'tap'
import type { ServerEvent } from '../../schemas/events.js'
import { encodeEvent } from '../../src/wire/encoded-event.js'
import { intercept, sdkFault } from '../support/faults.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { open as openOffer, respond } from '../support/trades.js'
import { messagesOf, seqsOf, upTo } from '../support/follower.js'
import { unannounced, until } from '../support/live.js'

let tables = 0

/** An instance that hears of others from the test only: messages are sent on another one of the same table. */
async function twoApps (t: Test) {
  const env = { TABLE_NAME: `gaps-${process.pid}-${++tables}` }
  const [here, there] = [await testApp(t, { env }), await testApp(t, { env })]
  unannounced(here)
  const url = await listen(here)
  const send = async (count: number, from = 'bob') => {
    const events: ServerEvent[] = []
    for (let n = 0; n < count; n++) events.push({ type: 'newMessage', data: (await new TestUser(there, from).say('ann', `${n}`)).json() })
    return events
  }
  const tell = (event: ServerEvent) => here.hub.deliver('ann', encodeEvent(event))
  return { app: here, there, send, tell, open: async () => await TestSocket.open(t, url, new TestUser(here, 'ann')) }
}

t.test('events that change places are sent in order, each once, the first of a conversation too', async t => {
  const { send, tell, open } = await twoApps(t)
  for (let round = 0; round < 10; round++) {
    const socket = await open()
    const events = [...await send(5), ...await send(5, 'cy')]
    const from = round * 5 + 1
    for (const event of [...events].sort(() => Math.random() - 0.5)) tell(event)
    const count = () => messagesOf(socket.received).length
    await until('all came', () => count() >= 10)
    // Again, as a back-plane may.
    for (const event of events) tell(event)
    await socket.settle()
    t.same(seqsOf(socket.received), { 'ann~bob': upTo(from + 4, from), 'ann~cy': upTo(from + 4, from) })
    socket.socket.terminate()
  }
})

t.test('events that never come are read before the next one', async t => {
  const { there, send, tell, open } = await twoApps(t)
  const socket = await open()
  const events = await send(130)
  for (const n of [0, 1, 4, 60, 129]) tell(events[n]!)
  await until('all came', () => messagesOf(socket.received).length >= 130)
  t.same(seqsOf(socket.received), { 'ann~bob': upTo(130) })
  t.same(messagesOf(socket.received), events.map(event => event.data))

  const [bob, ann] = [new TestUser(there, 'bob'), new TestUser(there, 'ann')]
  const offer = await openOffer(bob, ann)
  await respond(ann, offer, { response: 'reject', revision: 1 })
  const [next] = await send(1)
  tell(next!)
  t.match(await socket.next('tradeResponse'), { data: { offer: { status: 'rejected' }, message: { seq: 132 } } })
  t.match(await socket.next('newMessage'), { data: { seq: 133 } })
  t.match(socket.received.find(({ type, data }: { type: string, data?: object }) => type === 'newMessage' && data !== undefined && 'seq' in data && data.seq === 131), { data: { messageType: 'tradeOffer' } })
  t.same(seqsOf(socket.received), { 'ann~bob': upTo(133) })
})

t.test('what was there before the connection is not read for the first event of a conversation', async t => {
  const { there, send, tell, open } = await twoApps(t)
  await send(3)
  const { message, conversation } = there.entities.entities
  const old = new Date(Date.now() - 3600_000).toISOString()
  const { data } = await message.query.timeline({ conversationId: 'ann~bob' }).go()
  await message.put(data.map(item => ({ ...item, timestamp: old }))).go()
  const { data: head } = await conversation.get({ conversationId: 'ann~bob' }).go()
  await conversation.put({ ...head!, indexedAt: Date.parse(old), lastMessage: { ...head!.lastMessage, timestamp: old } }).go()
  const socket = await open()
  const [event] = await send(1)
  tell(event!)
  t.match(await socket.next('newMessage'), { data: { seq: 4 } })
  await socket.settle()
  t.same(seqsOf(socket.received), { 'ann~bob': [4] })
})

t.test('an event whose predecessors are nowhere is sent without asking for them again', async t => {
  const { app, send, tell, open } = await twoApps(t)
  const socket = await open()
  const events = await send(2)
  tell(events[0]!)
  const queries = intercept(t, app, 'Query', async attempt => await attempt())
  const { data } = events[1] as Extract<ServerEvent, { type: 'newMessage' }>
  tell({ type: 'newMessage', data: { ...data, seq: 9 } })
  await until('it came', () => messagesOf(socket.received).some(({ seq }) => seq === 9))
  await socket.settle()
  t.same(seqsOf(socket.received), { 'ann~bob': [1, 2, 9] })
  t.equal(queries.count, 2)
})

t.test('when a gap can\'t be read, the client is told to reconnect', async t => {
  const { app, send, tell, open } = await twoApps(t)
  const socket = await open()
  const events = await send(3)
  tell(events[0]!)
  await socket.next('newMessage')
  intercept(t, app, 'Query', async () => { throw sdkFault('InternalServerError', 500) })
  tell(events[2]!)
  t.match(await socket.closed, { code: 4004 })
  t.same(seqsOf(socket.received), { 'ann~bob': [1] })
})

t.test('more events than may wait end the connection', async t => {
  const { app, send, tell, open } = await twoApps(t)
  const socket = await open()
  const events = await send(3)
  tell(events[0]!)
  await socket.next('newMessage')
  let go = () => {}
  const gate = new Promise<void>(resolve => { go = resolve })
  intercept(t, app, 'Query', async attempt => {
    await gate
    return await attempt()
  })
  for (let n = 0; n < 1100; n++) tell(events[2]!)
  t.match(await socket.closed, { code: 4003 })
  go()
  await until('it is forgotten', () => app.hub.size.connections === 0)
})

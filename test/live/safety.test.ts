import t from 'tap'
import { clientFrameSchemas, serverFrameSchemas, type ClientFrame, type ServerFrame } from '../../schemas/events.js'
import type { MissedPage } from '../../schemas/sync.js'
import { acquaint } from '../support/acquaint.js'
import { TestStream, type TestSocket } from '../support/helper.js'
import { liveApp, until } from '../support/live.js'

/** What tells of somebody without anything being said. */
const signs = new Set(['typing', 'stopTyping', 'read', 'presence'])
/** What tells of what was said, of the connection itself, or of the end of an offer: none of it comes of who is blocked, or it is no news of them. */
const others = new Set(['connected', 'resumed', 'ack', 'error', 'ping', 'newMessage', 'tradeResponse', 'tradeExpiring'])

const about = (frames: ServerFrame[], userId: string) => frames.filter(frame => signs.has(frame.type) && 'data' in frame && (frame.data as { userId?: string }).userId === userId)

t.test('every frame and every event is looked at', async t => {
  t.strictSame(Object.keys(serverFrameSchemas).filter(type => !signs.has(type) && !others.has(type)), [])
  t.strictSame(Object.keys(clientFrameSchemas).sort(), ['auth', 'pong', 'read', 'resume', 'stopTyping', 'typing'])
})

t.test('with a block neither hears the other type, read, come and go, by any transport, nor after coming back', async t => {
  const { app, url, open, user } = await liveApp(t, { hubLimits: { typingInterval: 0 } })
  await acquaint(app, 'alice', 'bob', 'carol')
  const stream = async (id: string) => await TestStream.open(t, url, { authorization: `Bearer ${user(id).token}` })
  const [carol, bob, alice] = [await open('carol'), await open('bob'), await open('alice')]
  const streams = { alice: await stream('alice'), bob: await stream('bob') }
  const frames = (userId: string, seq: number): ClientFrame[] => [{ type: 'typing', data: { userId } }, { type: 'stopTyping', data: { userId } }, { type: 'read', data: { userId, seq } }]
  const use = async (socket: TestSocket, userId: string, seq: number) => {
    for (const frame of frames(userId, seq)) socket.send(frame)
    await socket.settle()
  }
  await use(alice, 'bob', 1)
  for (const there of [bob, streams.bob]) for (const type of ['typing', 'stopTyping', 'read'] as const) t.match(await there.next(type), { data: { userId: 'alice' } })

  alice.send({ type: 'typing', data: { userId: 'bob' } })
  for (const there of [bob, streams.bob]) await there.next('typing')
  t.equal((await user('alice').put('/blocks/bob')).statusCode, 204)
  // What was shown ends with the block.
  for (const there of [bob, streams.bob]) await there.next('stopTyping')
  const before = [bob, streams.bob, alice, streams.alice].map(({ received }) => received.length)

  for (const [socket, other] of [[alice, 'bob'], [bob, 'alice']] as const) {
    await use(socket, other, 2)
    await use(socket, 'carol', 1)
  }
  for (const userId of ['alice', 'bob']) for (const type of ['typing', 'stopTyping', 'read'] as const) await until(`carol has ${type} of ${userId}`, () => about(carol.received, userId).some(frame => frame.type === type))
  const cursors = await Promise.all(['alice', 'bob'].map(async id => (await user(id).get('/sync')).json<MissedPage>().cursor))
  for (const [n, there] of [bob, streams.bob, alice, streams.alice].entries()) {
    t.strictSame(about(there.received.slice(before[n]), n < 2 ? 'alice' : 'bob'), [])
  }

  // Both come back with a cursor from before.
  for (const [n, [id, other]] of [['alice', 'bob'], ['bob', 'alice']].entries()) {
    const back = await open(id!)
    back.send({ type: 'resume', data: { since: cursors[n]! } })
    await back.next('resumed')
    await back.settle()
    t.strictSame(about(back.received, other!), [])
    t.ok(about(back.received, 'carol').some(({ type }) => type === 'presence'), 'of others they hear')
    back.socket.terminate()
  }

  t.equal((await user('alice').delete('/blocks/bob')).statusCode, 204)
  await use(bob, 'alice', 2)
  t.match(await streams.alice.next('typing'), { data: { userId: 'bob' } })
})

t.test('with a block neither is told when the other comes and goes', async t => {
  const { app, open, user } = await liveApp(t)
  await acquaint(app, 'alice', 'bob', 'carol')
  await acquaint(app, 'dave', 'erin', 'carol')
  await user('alice').put('/blocks/bob')
  await user('erin').put('/blocks/dave')
  const carol = await open('carol')
  for (const [id, other] of [['alice', 'bob'], ['dave', 'erin']] as const) {
    const hidden = await open(other)
    const socket = await open(id)
    const told = (online: boolean) => () => about(carol.received, id).some(frame => frame.type === 'presence' && frame.data.online === online)
    await until(`carol is told that ${id} is there`, told(true))
    socket.socket.terminate()
    await until(`carol is told that ${id} is gone`, told(false))
    await hidden.settle()
    t.strictSame(about(hidden.received, id), [])
  }
})

import t from 'tap'
import { acquaint } from '../support/acquaint.js'
import { framesOf, liveApp, sleep, until } from '../support/live.js'

const to = (userId: string) => ({ type: 'typing', data: { userId } }) as const
const from = (userId: string) => ({ type: 'typing', data: { userId } })
const noMoreFrom = (userId: string) => ({ type: 'stopTyping', data: { userId } })

async function events (socket: { received: unknown[], settle: () => Promise<void> }) {
  await socket.settle()
  return (socket.received as { type: string, data?: unknown }[]).filter(({ type }) => /yping/.test(type))
}

t.test('typing is told to every device of the other, and to nobody else', async t => {
  const { app, devices, open } = await liveApp(t)
  await acquaint(app, 'alice', 'bob', 'carol')
  const [ofAlice, ofBob, carol] = [await devices('alice', 2), await devices('bob', 3), await open('carol')]
  ofAlice[0]?.send({ ...to('bob'), id: 'x' })
  t.match(await ofAlice[0]?.next('ack'), { id: 'x' })
  for (const socket of ofBob) t.same(await events(socket), [from('alice')])
  for (const socket of [...ofAlice, carol]) t.same(await events(socket), [])
})

t.test('typing is told once in an interval for each conversation, however often it starts and stops', async t => {
  const { app, open } = await liveApp(t, { hubLimits: { typingInterval: 60_000, frameBurst: 100 } })
  await acquaint(app, 'alice', 'bob', 'carol')
  const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')]
  for (let n = 0; n < 5; n++) alice.send(to('bob'))
  alice.send(to('carol'))
  await alice.settle()
  t.same(await events(bob), [from('alice')])
  t.same(await events(carol), [from('alice')], 'conversations don\'t share an interval')
  bob.send(to('alice'))
  await bob.settle()
  t.same(await events(alice), [from('bob')], 'nor do the directions')
  for (let n = 0; n < 5; n++) {
    alice.send({ type: 'stopTyping', data: { userId: 'bob' } })
    alice.send(to('bob'))
  }
  await alice.settle()
  t.same(await events(bob), [from('alice'), noMoreFrom('alice')])
})

t.test('typing is told again after the interval', async t => {
  const { app, open } = await liveApp(t, { hubLimits: { typingInterval: 50 } })
  await acquaint(app, 'alice', 'bob')
  const [alice, bob] = [await open('alice'), await open('bob')]
  alice.send(to('bob'))
  await bob.next('typing')
  await sleep(60)
  alice.send(to('bob'))
  await bob.next('typing')
  alice.send({ type: 'stopTyping', data: { userId: 'bob' } })
  await bob.next('stopTyping')
  await sleep(60)
  alice.send(to('bob'))
  await bob.next('typing')
})

t.test('typing expires by itself', async t => {
  const { app, open } = await liveApp(t, { hubLimits: { typingInterval: 20, typingExpiry: 300 } })
  await acquaint(app, 'alice', 'bob')
  const [alice, bob] = [await open('alice'), await open('bob')]
  alice.send(to('bob'))
  await bob.next('typing')
  const started = performance.now()
  await sleep(150)
  alice.send(to('bob'))
  await bob.next('typing')
  t.match(await bob.next('stopTyping'), noMoreFrom('alice'))
  t.ok(performance.now() - started >= 440, 'a renewal prolongs it')
  await until('it is forgotten', () => app.typing.size === 0)
  t.same(await events(bob), [from('alice'), from('alice'), noMoreFrom('alice')])
})

t.test('stopTyping ends it once, and without typing says nothing', async t => {
  const { app, open } = await liveApp(t, { hubLimits: { typingInterval: 30 } })
  await acquaint(app, 'alice', 'bob')
  const [alice, bob] = [await open('alice'), await open('bob')]
  alice.send({ type: 'stopTyping', id: 'nothing', data: { userId: 'bob' } })
  t.match(await alice.next('ack'), { id: 'nothing' })
  alice.send(to('bob'))
  alice.send({ type: 'stopTyping', data: { userId: 'bob' } })
  alice.send({ type: 'stopTyping', id: 'again', data: { userId: 'bob' } })
  t.match(await alice.next('ack'), { id: 'again' })
  t.same(await events(bob), [from('alice'), noMoreFrom('alice')])
  await until('it is forgotten', () => app.typing.size === 0)
})

t.test('leaving ends typing, with the last device', async t => {
  const { app, devices, open } = await liveApp(t, { hubLimits: { typingExpiry: 60_000 } })
  await acquaint(app, 'alice', 'bob', 'carol')
  const [bob, carol] = [await open('bob'), await open('carol')]
  const [first, second] = await devices('alice', 2)
  first?.send(to('bob'))
  first?.send(to('carol'))
  await bob.next('typing')
  first?.socket.terminate()
  await first?.closed
  t.same(await events(bob), [from('alice')])
  second?.socket.terminate()
  for (const socket of [bob, carol]) t.match(await socket.next('stopTyping'), noMoreFrom('alice'))
})

t.test('typing that waited while its client left is not told', async t => {
  const { app, open } = await liveApp(t)
  await acquaint(app, 'alice', 'bob')
  const [alice, bob] = [await open('alice'), await open('bob')]
  let answer = () => {}
  const asked = new Promise<void>(resolve => {
    app.services.readPositions.markRead = async () => {
      resolve()
      await new Promise<void>(resolve => { answer = resolve })
      return {} as never
    }
  })
  alice.send({ type: 'read', data: { userId: 'bob', seq: 1 } })
  alice.send(to('bob'))
  await asked
  await sleep(20)
  alice.socket.terminate()
  await until('she has left', () => !app.hub.isOnline('alice'))
  answer()
  await sleep(20)
  t.same(await events(bob), [])
  t.equal(app.typing.size, 0)
})

t.test('typing to oneself, or to an id that nobody can have, is refused', async t => {
  const { app, open } = await liveApp(t)
  const alice = await open('alice')
  for (const type of ['typing', 'stopTyping'] as const) {
    for (const [userId, code] of [['alice', 'self_conversation'], ['users', 'reserved_user_id'], ['a~b', 'validation_failed']] as const) {
      alice.send({ type, id: code, data: { userId } })
      t.match(await alice.next('error'), { id: code, data: { code } })
    }
  }
  await alice.settle()
  t.same(framesOf(alice, 'typing'), [])
  t.equal(app.typing.size, 0)
})

t.test('typing to somebody who hasn\'t answered is acknowledged and told to nobody, until both have written', async t => {
  const { app, open, user } = await liveApp(t, { hubLimits: { typingInterval: 20 } })
  const [alice, bob] = [await open('alice'), await open('bob')]
  const type = async (id: string) => {
    for (const frame of [to('bob'), { type: 'stopTyping', data: { userId: 'bob' } } as const]) {
      alice.send({ ...frame, id })
      t.strictSame(await alice.next('ack'), { type: 'ack', id })
    }
    await sleep(30)
  }
  await type('strangers')
  await user('alice').say('bob', 'hello')
  await type('one has written')
  t.same(await events(bob), [])
  t.equal(app.typing.size, 0)
  await user('bob').say('alice', 'hello')
  await type('both have written')
  t.same(await events(bob), [from('alice'), noMoreFrom('alice')], 'though they were strangers a moment ago')
})

t.test('typing that ended before it was known who is acquainted is not told', async t => {
  const { app, devices, open } = await liveApp(t)
  await acquaint(app, 'alice', 'bob')
  const bob = await open('bob')
  const [phone, laptop] = await devices('alice', 2)
  await bob.next('presence')
  const { acquaintance } = app.services
  const { among } = acquaintance
  const answers: Array<() => void> = []
  let asked = 0
  acquaintance.among = async (...args) => {
    asked++
    await new Promise<void>(resolve => answers.push(resolve))
    return await among(...args)
  }
  phone?.send(to('bob'))
  await until('it is asked', () => asked > 0)
  laptop?.send({ type: 'stopTyping', data: { userId: 'bob' } })
  await laptop?.settle()
  acquaintance.among = among
  for (const answer of answers) answer()
  await phone?.settle()
  t.same(await events(bob), [])
  t.equal(app.typing.size, 0)
})

import t from 'tap'
import { TestStream } from '../support/helper.js'
import { framesOf, until } from '../support/live.js'
import { eventually, instances, RedisServer } from './instances.js'

const redis = await RedisServer.start(t)

t.test('two users on two instances get every message once and in order, from both sides', async t => {
  const { all: [a, b] } = await instances(t, redis)
  const devices = await Promise.all([a!.open('alice'), b!.open('alice'), a!.open('bob'), b!.open('bob')])
  const count = 200
  const send = async (from: string, to: string, side: typeof a) => {
    for (let n = 0; n < count; n++) {
      // Both append to one conversation: on a busy machine one may lose too often and be told to try again.
      let response = await side!.user(from).say(to, `${n}`)
      while (response.statusCode === 503) response = await side!.user(from).say(to, `${n}`)
      t.equal(response.statusCode, 201)
    }
  }
  await Promise.all([send('alice', 'bob', a), send('bob', 'alice', b)])
  for (const device of devices) {
    await until('everything has come', () => framesOf(device, 'newMessage').length >= 2 * count, 20_000)
    t.strictSame(framesOf(device, 'newMessage').map(frame => frame.data.seq), Array.from({ length: 2 * count }, (_, n) => n + 1))
  }
})

t.test('what is idle when it begins loses nothing when both sides begin at once', async t => {
  const { all: [a, b] } = await instances(t, redis)
  const pairs = Array.from({ length: 20 }, (_, n) => [`x${n}`, `y${n}`] as const)
  for (const [x, y] of pairs) for (const text of ['1', '2', '3']) await a!.user(x).say(y, text)
  // Old enough for a new connection not to know the conversation.
  await new Promise(resolve => setTimeout(resolve, 10_500))
  const devices = await Promise.all(pairs.flatMap(([x, y]) => [a!.open(x), b!.open(y)]))
  await Promise.all(pairs.flatMap(([x, y]) => [a!.user(x).say(y, 'from x'), b!.user(y).say(x, 'from y')]))
  for (const device of devices) {
    await until('both have come', () => framesOf(device, 'newMessage').length >= 2)
    t.strictSame(framesOf(device, 'newMessage').map(frame => frame.data.seq), [4, 5])
  }
})

t.test('typing and read positions reach the other instance, and so does a stream', async t => {
  const { all: [a, b] } = await instances(t, redis)
  const [alice, bob] = [await a!.open('alice'), await b!.open('bob')]
  const stream = await TestStream.open(t, b!.url, { authorization: `Bearer ${b!.user('bob').token}` })
  await a!.user('alice').say('bob', 'hello')
  for (const device of [bob, stream]) t.match(await device.next('newMessage'), { data: { text: 'hello', seq: 1 } })
  // Alice may have been taken for a stranger until now: who sees the answer can type at once.
  await b!.user('bob').say('alice', 'hello')
  for (const seq of [1, 2]) t.match(await alice.next('newMessage'), { data: { seq } })
  alice.send({ type: 'typing', data: { userId: 'bob' } })
  t.match(await bob.next('typing'), { data: { userId: 'alice' } })
  alice.send({ type: 'stopTyping', data: { userId: 'bob' } })
  t.match(await bob.next('stopTyping'), { data: { userId: 'alice' } })
  bob.send({ type: 'read', data: { userId: 'alice', seq: 1 } })
  t.match(await alice.next('read'), { data: { userId: 'bob', seq: 1 } })
  // Ends the stream: one that fetch gives up can hold up the end of the server.
  await b!.app.close()
})

t.test('an instance listens for the users that are connected to it, and for nobody else', async t => {
  const { all: [a, b], prefix } = await instances(t, redis)
  const client = redis.client(t)
  const channel = `${prefix}:user:alice`
  const listening = async () => Number((await client.pubsub('NUMSUB', channel))[1])
  t.equal(await listening(), 0)
  const sockets = [await a!.open('alice'), await a!.open('alice'), await b!.open('alice')]
  t.equal(await listening(), 2)
  sockets[0]!.socket.close()
  await sockets[0]!.closed
  sockets[2]!.socket.close()
  await eventually('one instance listens', async () => await listening() === 1)
  sockets[1]!.socket.terminate()
  await eventually('nobody listens', async () => await listening() === 0)
  // Leaving and coming back at once ends as being there.
  for (let n = 0; n < 10; n++) (await a!.open('alice')).socket.terminate()
  const last = await a!.open('alice')
  await b!.user('bob').say('alice', 'still there?')
  t.match(await last.next('newMessage'), { data: { text: 'still there?' } })
})

import t from 'tap'
import type { Message } from '../../schemas/message.js'
import { openEvent } from '../../src/hub/envelope.js'
import { messagesOf } from '../support/follower.js'
import { until } from '../support/live.js'
import { opening, respond } from '../support/trades.js'
import { instances, RedisServer } from './instances.js'

const redis = await RedisServer.start(t)

t.test('the name that a client gave a message goes to the sender\'s channel only, in an envelope that every instance understands', async t => {
  const { all: [a, b], prefix } = await instances(t, redis)
  const client = redis.client(t)
  const published: Array<{ channel: string, message: string }> = []
  client.on('message', (channel, message) => published.push({ channel, message }))
  const channels = ['alice', 'bob'].map(id => `${prefix}:user:${id}`)
  await client.subscribe(...channels)
  const [own, bob] = [await b!.open('alice'), await b!.open('bob')]
  await a!.user('alice').post('/bob', { text: 'hello', clientId: 'a-1' })
  const offer = (await a!.user('alice').post('/bob', opening({ clientId: 'a-2' }))).json<Message>()
  await respond(a!.user('alice'), offer, { response: 'withdraw', clientId: 'a-3' })
  for (const { received } of [own, bob]) await until('all came', () => messagesOf(received).length === 3)
  t.strictSame(messagesOf(own.received).map(({ clientId }) => clientId), ['a-1', 'a-2', 'a-3'])
  t.notOk(JSON.stringify(bob.received).includes('clientId'))
  await until('both channels heard of all', () => published.length === 6)
  for (const { channel, message } of published) {
    t.match(message, /^2:/)
    t.match(openEvent(message, 'another instance'), { content: { place: { conversationId: 'alice~bob' } } })
    t.equal(message.includes('clientId'), channel === channels[0])
  }
})

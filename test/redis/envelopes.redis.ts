import t from 'tap'
import { acquaint } from '../support/acquaint.js'
import { framesOf, sleep, until } from '../support/live.js'
import { eventually, instances, RedisServer } from './instances.js'

const redis = await RedisServer.start(t)
const stranger = '0f8c1e6a-5b1d-4a57-9d57-6f4f2f0b8f5e'
const place = { conversationId: 'alice~bob', seq: 1, at: 1 }

const garbage = [
  '', '\0', 'null', '[]', '{', 'undefined', '💥', 'x'.repeat(40), stranger, `${stranger}{"type":"typing","data":"{}"}`,
  ...['', '{', 'null', '5', '"text"', '[]', '{}', '[null]', '['.repeat(100_000),
    // The event: members that are missing, of the wrong type, or too many; types that are none; data that isn't an object on one line.
    { type: 'typing' }, { data: '{}' }, { type: 5, data: '{}' }, { type: 'typing', data: 5 }, { type: 'typing', data: {} }, { type: 'typing', data: '' },
    { type: 'typing', data: '{' }, { type: 'typing', data: '{}}' }, { type: 'typing', data: '[]' }, { type: 'typing', data: '{}\n\ndata: {}' },
    { type: 'dance', data: '{}' }, { type: 'connected', data: '{}' }, { type: '__proto__', data: '{}' }, { type: 'typing', data: '{}', place },
    { type: 'newMessage', data: '{}' }, { type: 'newMessage', data: '{}', place: null }, { type: 'newMessage', data: '{}', place: {} },
    { type: 'newMessage', data: '{}', place: { ...place, seq: '1' } }, { type: 'newMessage', data: '{}', place: { ...place, seq: 0 } },
    { type: 'newMessage', data: '{}', place: { ...place, more: 1 } }, { type: 'newMessage', data: '{}', place: { ...place, previousAt: '1' } }, { type: 'newMessage', data: '{', place },
    // What was missed.
    { userIds: 5, since: 1 }, { userIds: [5], since: 1 }, { userIds: ['bob'] }, { userIds: ['bob'], since: '1' }, { since: -1 }, { since: null },
    { userIds: null, since: 1 }, { since: 1, more: 1 }
  ].flatMap(content => [`2:${stranger}:d:`, `1:${stranger}:d:`].map(header => header + (typeof content === 'string' ? content : JSON.stringify(content)))),
  `2:${stranger}:x:{"type":"typing","data":"{}"}`, `-1:${stranger}:d:{}`, `1.5:${stranger}:d:{}`, `${'9'.repeat(400)}:${stranger}:d:{}`,
  `2:${stranger}:d:{"type":"typing","data":"{\\"userId\\":\\"${'x'.repeat(5_000_000)}\\"}"}`
]

t.test('whatever is published on their channels brings no instance down, reaches no client and is logged once', async t => {
  const { all: [a, b], prefix } = await instances(t, redis)
  const bob = await b!.open('bob')
  const client = redis.client(t)
  const logs = [a, b].map(side => t.capture(side!.app.log, 'warn'))
  const began = Date.now()
  const mended: number[] = []
  b!.app.hub.mend = (_userIds, since) => { mended.push(since) }
  for (const message of garbage) {
    for (const channel of [`${prefix}:user:bob`, `${prefix}:instances`]) t.ok(await client.publish(channel, message) > 0, 'somebody listens')
  }
  await client.publish(`${prefix}:user:bob`, Buffer.from([0x31, 0x3a, 0xff, 0xfe, 0x00]))
  await a!.user('alice').say('bob', 'hello')
  t.match(await bob.next('newMessage'), { data: { text: 'hello' } })
  t.strictSame(bob.received.map(({ type }) => type), ['connected', 'newMessage'])
  // What Redis didn't take in time is told as missed; garbage speaks of long ago.
  t.strictSame(mended.filter(since => since < began), [])
  for (const log of logs) {
    const complaints = log().map(({ args }) => args).filter(args => /malformed/.test(String(args[1])))
    t.equal(complaints.length, 1)
    t.notOk(/bob|x{40}/.test(JSON.stringify(complaints)), 'without what was published, and where')
  }
})

t.test('what a newer instance tells is caught up with by those who don\'t understand it', async t => {
  const { all: [a, b] } = await instances(t, redis)
  await acquaint(a!.app, 'alice', 'bob')
  const [alice, bob] = [await a!.open('alice'), await b!.open('bob')]
  await alice.next('presence')
  const { client } = a!.app.redis!.commands
  const publish = client.publish.bind(client) as (channel: string, message: string) => Promise<number>
  const headers: string[] = []
  client.publish = (async (channel: string, message: string) => {
    headers.push(message.slice(0, 2))
    return await publish(channel, message.replace(/^2:(.*?):([de]):.*$/s, '3:$1:$2:in a form of its own'))
  }) as typeof client.publish
  let mended = 0
  const { mend } = b!.app.hub
  b!.app.hub.mend = (...args) => {
    mended++
    mend.apply(b!.app.hub, args)
  }
  alice.send({ type: 'typing', data: { userId: 'bob' } })
  await alice.settle()
  await until('it is told', () => headers.length > 0)
  await sleep(1000)
  t.equal(mended, 0, 'typing isn\'t worth it')
  for (const text of ['one', 'two', 'three']) await a!.user('alice').say('bob', text)
  const told: Array<string | undefined> = []
  while (told.at(-1) !== 'three') told.push((await bob.next('newMessage', 30_000)).data.text)
  // Of what had just been written elsewhere as the connection began, some may come as well.
  t.strictSame(told.filter(text => text !== 'hello'), ['one', 'two', 'three'])
  t.ok(mended < 3, 'together')
  await bob.settle()
  t.same(framesOf(bob, 'typing'), [])
  t.ok(headers.every(header => header === '2:'))
})

t.test('and what it could not tell, by everybody', async t => {
  const { all: [a, b], prefix } = await instances(t, redis)
  const bob = await b!.open('bob')
  const client = redis.client(t)
  a!.app.redis!.commands.client.publish = async () => 0
  await a!.user('alice').say('bob', 'untold')
  await client.publish(`${prefix}:instances`, `3:${stranger}:d:in a form of its own`)
  t.match(await bob.next('newMessage', 30_000), { data: { text: 'untold' } })
  await eventually('all is well', async () => (await b!.ready()).status === 'ok')
})

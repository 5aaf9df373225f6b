import t, { type Test } from 'tap'
import type { Message } from '../../../schemas/message.js'
import type { MissedPage } from '../../../schemas/sync.js'
import { Line } from '../../support/faults.js'
import { listen, testApp, TestSocket, TestUser } from '../../support/helper.js'
import { day, open, respond } from '../../support/trades.js'

const hour = 3_600_000
const year = 365 * day

/** What may pass between the database's answer and a look at the clock: it says the second, and machines are busy. */
const about = 30_000

async function send (user: TestUser, to: string, text: string): Promise<Message> {
  const response = await user.say(to, text)
  if (response.statusCode !== 201) throw new Error(response.body)
  return response.json<Message>()
}

const timeOf = ({ timestamp }: Message) => Date.parse(timestamp)

/** An instance for which the database's clock is another than for the others. */
async function instanceApart (t: Test, ahead: number, table?: string) {
  const line = await Line.open(t)
  line.putForward(ahead)
  const app = await testApp(t, { env: { DYNAMODB: line.url, ...(table === undefined ? {} : { TABLE_NAME: table }) } })
  return { app, line }
}

/** Has this machine's clock go wrong for a while. */
async function withClock<T> (t: Test, ahead: number, task: () => Promise<T>): Promise<T> {
  const { now } = Date
  const restore = t.intercept(Date, 'now', { value: () => now() + ahead }).restore
  try {
    return await task()
  } finally {
    restore()
  }
}

for (const ahead of [-10_000, 10_000, -5 * 60_000, 5 * 60_000]) {
  t.test(`with a clock ${ahead} ms ahead messages go by the database's`, async t => {
    const { app } = await instanceApart(t, -ahead)
    const before = Date.now() - ahead
    const message = await send(new TestUser(app, 'alice'), 'bob', 'hello')
    t.ok(timeOf(message) >= before - 2000 && timeOf(message) <= Date.now() - ahead + 2000, message.timestamp)
  })
}

t.test('a conversation in which a message bears a time a year ahead goes on with the right time', async t => {
  const { app: apart } = await instanceApart(t, year)
  const app = await testApp(t, { env: { TABLE_NAME: apart.config.TABLE_NAME } })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const early = await send(bob, 'alice', 'now')
  const since = (await alice.get('/sync')).json<MissedPage>().cursor
  const future = await send(new TestUser(apart, 'bob'), 'alice', 'in a year')
  t.ok(timeOf(future) > Date.now() + year - hour, 'it is poisoned')

  const offer = await open(bob, alice, { expiresAt: new Date(Date.now() + day).toISOString() })
  t.equal((await respond(alice, offer, { response: 'counter', revision: 1, pricePerUnit: 0.2 })).statusCode, 200)
  const accepted = await respond(bob, offer, { response: 'accept', revision: 2 })
  t.equal(accepted.statusCode, 200)
  t.equal(accepted.json<{ status: string }>().status, 'accepted')

  const { messages } = (await alice.get('/bob?order=asc')).json<{ messages: Message[] }>()
  t.same(messages.map(({ seq }) => seq), [1, 2, 3, 4, 5])
  for (const message of messages.slice(2)) t.ok(Math.abs(timeOf(message) - Date.now()) < hour, message.timestamp)
  t.match((await alice.get('/conversations')).json(), { conversations: [{ seq: 5, updatedAt: messages[4]?.timestamp }] })

  const missed = (await alice.get(`/sync?since=${since}`)).json<MissedPage>().messages.map(({ seq }) => seq)
  t.same(missed.slice(-4), [2, 3, 4, 5], 'what came after the cursor is found')
  t.ok(early.seq === 1)
})

t.test('what an instance sent whose clock ran back by an hour is found from an older cursor', async t => {
  const app = await testApp(t)
  const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(other, 'bob')]
  for (const text of ['one', 'two']) await send(bob, 'alice', text)
  const since = (await alice.get('/sync')).json<MissedPage>().cursor
  const late = await withClock(t, -hour, async () => [await send(bob, 'alice', 'three'), await send(new TestUser(other, 'carol'), 'alice', 'hello')])
  for (const message of late) t.ok(Math.abs(timeOf(message) - Date.now()) < about, message.timestamp)
  const { messages } = (await alice.get(`/sync?since=${since}`)).json<MissedPage>()
  t.same(new Set(messages.map(({ text }) => text)), new Set(['three', 'hello']))
  const socket = await TestSocket.open(t, await listen(app), alice)
  socket.send({ type: 'resume', data: { since } })
  await socket.next('resumed', 30_000)
  const told = socket.received.flatMap(frame => frame.type === 'newMessage' ? [frame.data.text] : [])
  t.same(told.sort(), ['hello', 'three'])
})

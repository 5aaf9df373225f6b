import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Conversation } from '../../../schemas/conversation.js'
import type { Message } from '../../../schemas/message.js'
import type { User } from '../../../schemas/user.js'
import { cancelled, intercept, leaveUnprocessed, Line, loseAnswer, sdkFault, type Handler } from '../../support/faults.js'
import { testApp, TestUser, type TestAppOptions } from '../../support/helper.js'
import { opening } from '../../support/trades.js'

/** The promise is 3 s; the rest is for a machine that is busy with other tests. */
const patience = 15_000

/** Less than two time-outs of the database after one another. */
const inTime = 4500

const forEver = Infinity

type Response = Awaited<ReturnType<TestUser['get']>>

// Most of the time is spent waiting.
t.jobs = 3

t.test('a send that meets other transactions is tried again and leaves one message', { buffered: true }, async t => {
  const { app, alice } = await chat(t)
  for (const codes of [
    ['TransactionConflict', 'None'], ['None', 'TransactionConflict'], ['TransactionConflict', 'TransactionConflict']
  ]) {
    const before = await texts(alice)
    const transactions = intercept(t, app, 'TransactWriteItems', fail(3, () => cancelled(...codes)))
    t.equal((await alice.say('bob', codes.join())).statusCode, 201)
    t.equal(transactions.count, 4)
    transactions.remove()
    t.same(await texts(alice), [...before, codes.join()])
  }
})

t.test('a first message that meets other transactions is tried again and leaves one message', { buffered: true }, async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  // A server's first request is its slowest, and the attempts at a write have two seconds.
  await alice.get('/conversations')
  intercept(t, app, 'TransactWriteItems', fail(3, () => cancelled('TransactionConflict', 'None')))
  t.match((await alice.say('bob', 'hello')).json(), { seq: 1, text: 'hello' })
  t.same(await texts(alice), ['hello'])
})

t.test('a send whose Idempotency-Key meets another transaction is tried again and leaves one message', { buffered: true }, async t => {
  const { app, alice } = await chat(t)
  intercept(t, app, 'TransactWriteItems', fail(2, () => cancelled('None', 'None', 'TransactionConflict')))
  t.equal((await alice.say('bob', 'one', { 'idempotency-key': 'k' })).statusCode, 201)
  t.same(await texts(alice), ['first', 'one'])
})

t.test('a conversation that others never let go is busy, and nothing is written', { buffered: true }, async t => {
  const { app, alice } = await chat(t, { impatient: true })
  const transactions = intercept(t, app, 'TransactWriteItems', fail(forEver, () => cancelled('TransactionConflict', 'None')))
  await unavailable(t, () => alice.say('bob', 'lost', { 'idempotency-key': 'k' }), 'conversation_busy')
  t.ok(transactions.count > 1, 'it was tried several times')
  transactions.remove()
  t.same(await texts(alice), ['first'])
  const retried = await alice.say('bob', 'lost', { 'idempotency-key': 'k' })
  t.equal(retried.headers['idempotent-replayed'], undefined)
  t.same(await texts(alice), ['first', 'lost'])
})

t.test('those who wait behind a busy writer are answered in time as well', { buffered: true }, async t => {
  const { app, alice } = await chat(t, { impatient: true })
  intercept(t, app, 'TransactWriteItems', fail(forEver, () => cancelled('TransactionConflict', 'None')))
  await Promise.all(Array.from({ length: 20 }, async () =>
    await unavailable(t, () => alice.say('bob', 'lost'), 'conversation_busy')))
  t.same(await texts(alice), ['first'])
})

t.test('those who wait too long for a slow database are refused, the others are not', { buffered: true }, async t => {
  const { app, alice } = await chat(t, { impatient: true })
  intercept(t, app, 'TransactWriteItems', async attempt => {
    await sleep(700)
    return await attempt()
  })
  const responses = await Promise.all(Array.from({ length: 9 }, (_, n) => alice.say('bob', String(n))))
  const texts = (await messages(alice, 'bob')).map(({ text }) => text)
  t.equal(responses[0]?.statusCode, 201)
  t.equal(responses[8]?.json<{ code: string }>().code, 'conversation_busy')
  for (const [n, { statusCode }] of responses.entries()) if (statusCode === 201) t.ok(texts.includes(String(n)), 'it is there')
  t.notOk(texts.includes('8'))
})

for (const code of ['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded']) {
  t.test(`a send is tried again after ${code}, and is refused when that doesn't end`, { buffered: true }, async t => {
    const { app, alice } = await chat(t, { impatient: true })
    const brief = intercept(t, app, 'TransactWriteItems', fail(2, () => cancelled(code, 'None')))
    t.equal((await alice.say('bob', 'one')).statusCode, 201)
    brief.remove()
    const lasting = intercept(t, app, 'TransactWriteItems', fail(forEver, () => cancelled('None', code)))
    await unavailable(t, () => alice.say('bob', 'lost'))
    lasting.remove()
    t.same(await texts(alice), ['first', 'one'])
  })
}

t.test('a transaction that is cancelled for another reason is a fault of the server, which isn\'t told', { buffered: true }, async t => {
  const { app, alice } = await chat(t)
  const transactions = intercept(t, app, 'TransactWriteItems', fail(forEver, () => cancelled('ValidationError', 'None')))
  const response = await alice.say('bob', 'lost')
  t.equal(response.statusCode, 500)
  t.notMatch(response.body, /Validation|cancel/)
  t.equal(transactions.count, 1)
})

for (const [name, status] of [
  ['ProvisionedThroughputExceededException', 400], ['ThrottlingException', 400], ['RequestLimitExceeded', 400],
  ['TransactionInProgressException', 400], ['InternalServerError', 500], ['ServiceUnavailable', 503],
  ['TimeoutError', undefined], ['ResourceNotFoundException', 400]
] as const) {
  t.test(`after ${name} the database is unavailable, and then it isn't`, { buffered: true }, async t => {
    const { app, alice, bob } = await chat(t)
    const requests: Record<string, () => Promise<Response>> = {
      GetItem: () => bob.get('/conversations/alice'),
      Query: () => alice.get('/bob'),
      BatchGetItem: () => alice.get('/conversations'),
      UpdateItem: () => bob.post('/conversations/alice/read', { seq: 1 }),
      // The last, because what became of the message is looked for afterwards.
      TransactWriteItems: () => alice.say('bob', 'lost')
    }
    for (const [command, request] of Object.entries(requests)) {
      const calls = intercept(t, app, command, fail(forEver, () => sdkFault(name, status)))
      await unavailable(t, request)
      t.ok(calls.count <= 3, `${calls.count} attempts at ${command}`)
      calls.remove()
      t.ok([200, 201].includes((await request()).statusCode))
    }
    t.same(await texts(alice), ['first', 'lost'])
  })
}

t.test('throttled calls are not put off for seconds, not even by bad luck', async t => {
  const { app, alice } = await chat(t)
  t.intercept(Math, 'random', { value: () => 0.999 })
  intercept(t, app, 'Query', fail(forEver, () => sdkFault('ThrottlingException', 400)))
  const { setTimeout } = globalThis
  const pauses: number[] = []
  t.intercept(globalThis, 'setTimeout', {
    value: Object.assign((callback: () => void, ms = 0, ...rest: []) => {
      pauses.push(ms)
      return setTimeout(callback, ms, ...rest)
    }, setTimeout)
  })
  await unavailable(t, () => alice.get('/bob'))
  t.ok(pauses.some(ms => ms > 50 && ms < 200), 'it paused between its attempts')
  // The SDK's own pauses would be all but 1 s and 2 s; what waits for exactly a second is no pause.
  t.same(pauses.filter(ms => (ms > 900 && ms < 1000) || (ms > 1900 && ms < 2000)), [])
})

t.test('a database that accepts and never answers: every request is refused in time', { buffered: true }, async t => {
  const { line, alice, bob } = await farChat(t)
  line.silence()
  await Promise.all([
    ...everyRequest(alice, bob),
    ...Array.from({ length: 30 }, (_, n) => () => alice.say('bob', `lost ${n}`)),
    ...Array.from({ length: 200 }, (_, n) => () => alice.say(`user-${n}`, 'lost'))
  ].map(async request => await unavailable(t, request)))
  await line.mend()
  await recovered(t, alice, bob)
})

t.test('a writer who comes while others wait for a silent database is refused in time as well', { buffered: true }, async t => {
  const { line, alice, bob } = await farChat(t)
  line.silence()
  const senders: Array<Promise<void>> = []
  for (let n = 0; n < 12; n++) {
    senders.push(unavailable(t, () => alice.say('bob', `lost ${n}`)))
    await sleep(300)
  }
  await Promise.all(senders)
  await line.mend()
  await recovered(t, alice, bob)
})

for (const count of [6, 64]) {
  t.test(`${count} writers in one conversation are all answered in time while the database is silent`, { buffered: true }, async t => {
    const { line, alice, bob } = await farChat(t)
    const offer = await alice.post('/bob', opening())
    t.equal(offer.statusCode, 201)
    line.silence()
    const requests = Array.from({ length: count }, (_, n) => n % 2 === 0
      ? async () => await alice.say('bob', `lost ${n}`)
      : async () => await bob.post(`/trades/${offer.json<Message>().messageId}/respond`, { response: 'accept' }))
    await Promise.all(requests.map(async request => await unavailable(t, request, 'database_unavailable', inTime)))
    await line.mend()
    await recovered(t, alice, bob)
  })
}

t.test('a database that refuses connections: every request is refused in time', { buffered: true }, async t => {
  const { line, alice, bob } = await farChat(t)
  await line.cut()
  await Promise.all(everyRequest(alice, bob).map(async request => await unavailable(t, request)))
  await line.mend()
  await recovered(t, alice, bob)
})

t.test('the server is not ready while the database is away', { buffered: true }, async t => {
  const line = await Line.open(t)
  const app = await testApp(t, { impatient: true, env: { DYNAMODB: line.url } })
  await line.cut()
  await unavailable(t, () => app.inject('/ready'))
  t.equal((await app.inject('/health')).statusCode, 200)
  await line.mend()
  t.equal((await app.inject('/ready')).statusCode, 200)
})

for (const headers of [{}, { 'idempotency-key': 'k' }] as Array<Record<string, string>>) {
  const having = headers['idempotency-key'] === undefined ? 'without' : 'with'
  t.test(`a commit whose answer is lost makes one message, ${having} an Idempotency-Key`, { buffered: true }, async t => {
    const { app, alice, bob } = await chat(t)
    const transactions = intercept(t, app, 'TransactWriteItems', loseAnswer(1))
    const sent = await alice.say('bob', 'once', headers)
    t.equal(sent.statusCode, 201)
    t.equal(transactions.count, 2)
    t.equal(sent.headers['idempotent-replayed'], undefined, 'it is the first answer')
    t.same((await messages(alice, 'bob')).at(-1), sent.json(), 'what was answered is what is stored')
    t.same(await texts(alice), ['first', 'once'])
    t.equal((await bob.say('alice', 'next')).json<Message>().seq, 3)
  })

  t.test(`a first commit whose answer is lost makes one message, ${having} an Idempotency-Key`, { buffered: true }, async t => {
    const app = await testApp(t)
    const alice = new TestUser(app, 'alice')
    const transactions = intercept(t, app, 'TransactWriteItems', loseAnswer(1))
    t.match((await alice.say('bob', 'once', headers)).json(), { seq: 1 })
    t.equal(transactions.count, 2)
    t.same(await texts(alice), ['once'])
  })

  t.test(`a commit whose answer is lost behind other messages makes one message, ${having} an Idempotency-Key`, { buffered: true }, async t => {
    const { alice, bob, app } = await chat(t)
    const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
    intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
      if (count > 0) return await attempt()
      await attempt()
      await new TestUser(other, 'bob').say('alice', 'in between')
      throw sdkFault('TimeoutError')
    })
    const sent = await alice.say('bob', 'once', headers)
    t.equal(sent.statusCode, 201)
    t.equal(sent.json<Message>().seq, 2)
    t.same(await texts(alice), ['first', 'once', 'in between'])
    t.equal((await bob.say('alice', 'next')).json<Message>().seq, 4)
  })

  t.test(`a commit that arrives only when it is tried again makes one message, ${having} an Idempotency-Key`, { buffered: true }, async t => {
    const { app, alice } = await chat(t)
    let late: () => Promise<unknown>
    intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
      if (count === 0) {
        late = attempt
        throw cancelled('TransactionConflict', 'None', 'None')
      }
      if (count === 1) await late()
      return await attempt()
    })
    const sent = await alice.say('bob', 'once', headers)
    t.equal(sent.statusCode, 201)
    t.equal(sent.headers['idempotent-replayed'], undefined, 'it is the first answer')
    t.same(await texts(alice), ['first', 'once'])
    t.same((await messages(alice, 'bob')).at(-1), sent.json(), 'what was answered is what is stored')
  })

  t.test(`a commit that arrives late, after its retry met a conflict, makes one message, ${having} an Idempotency-Key`, { buffered: true }, async t => {
    const { app, alice } = await chat(t)
    intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
      if (count > 0) return await attempt()
      await attempt()
      throw cancelled('TransactionConflict', 'None', 'None')
    })
    const sent = await alice.say('bob', 'once', headers)
    t.equal(sent.statusCode, 201)
    t.equal(sent.headers['idempotent-replayed'], undefined, 'it is the first answer')
    t.same(await texts(alice), ['first', 'once'])
    t.same((await messages(alice, 'bob')).at(-1), sent.json())
  })
}

t.test('a commit whose key alone betrays that it arrived is no replay', { buffered: true }, async t => {
  const { app, alice } = await chat(t)
  intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
    if (count > 0) return await attempt()
    await attempt()
    throw cancelled('TransactionConflict', 'TransactionConflict', 'ConditionalCheckFailed')
  })
  const sent = await alice.say('bob', 'once', { 'idempotency-key': 'k' })
  t.equal(sent.statusCode, 201)
  t.equal(sent.headers['idempotent-replayed'], undefined)
  t.same(await texts(alice), ['first', 'once'])
})

t.test('a commit none of whose answers arrives is replayed to the client that retries with its key', { buffered: true }, async t => {
  const { app, alice } = await chat(t)
  const transactions = intercept(t, app, 'TransactWriteItems', loseAnswer(forEver))
  await unavailable(t, () => alice.say('bob', 'once', { 'idempotency-key': 'k' }))
  transactions.remove()
  const retried = await Promise.all(Array.from({ length: 8 }, () => alice.say('bob', 'once', { 'idempotency-key': 'k' })))
  for (const response of retried) {
    t.equal(response.statusCode, 201)
    t.equal(response.headers['idempotent-replayed'], 'true')
    t.equal(response.json<Message>().seq, 2)
  }
  t.same(await texts(alice), ['first', 'once'])
  t.equal((await alice.say('bob', 'other', { 'idempotency-key': 'k' })).statusCode, 422)
})

t.test('a read position that meets a transaction is tried again', { buffered: true }, async t => {
  const { app, bob } = await chat(t)
  const updates = intercept(t, app, 'UpdateItem', fail(3, () => sdkFault('TransactionConflictException', 400)))
  const response = await bob.post('/conversations/alice/read', { seq: 1 })
  t.match(response.json(), { lastReadSeq: 1, unreadCount: 0 })
  t.equal(updates.count, 4)
})

t.test('a read position that meets transactions for ever is refused in time', { buffered: true }, async t => {
  const { app, bob } = await chat(t)
  const updates = intercept(t, app, 'UpdateItem', fail(forEver, () => sdkFault('TransactionConflictException', 400)))
  await unavailable(t, () => bob.post('/conversations/alice/read', { seq: 1 }))
  updates.remove()
  t.match((await bob.get('/conversations')).json(), { conversations: [{ lastReadSeq: 0, unreadCount: 1 }] })
})

t.test('a read position whose answer is lost is set once', { buffered: true }, async t => {
  const { app, bob } = await chat(t)
  intercept(t, app, 'UpdateItem', loseAnswer(1))
  t.match((await bob.post('/conversations/alice/read', { seq: 1 })).json(), { lastReadSeq: 1, unreadCount: 0 })
})

t.test('pages are complete when the database leaves a part of a batch for later', { buffered: true }, async t => {
  const { app, alice } = await chat(t)
  for (const id of ['carol', 'dave', 'erin']) await new TestUser(app, id, { name: id.toUpperCase() }).say('alice', 'hi')
  const conversations = async (user: TestUser) => (await user.get('/conversations')).json<{ conversations: Conversation[] }>().conversations
  const users = async (user: TestUser) => (await user.get('/users')).json<{ users: User[] }>().users
  const expected = [await conversations(alice), await users(alice)]
  t.same(expected.map(page => page.length), [4, 4])
  for (const share of [0.5, 1]) {
    // One that remembers nothing.
    const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
    const batches = intercept(t, other, 'BatchGetItem', async (attempt, count) =>
      count % 3 === 2 ? await attempt() : await leaveUnprocessed(attempt, share))
    const user = new TestUser(other, 'alice')
    t.same([await conversations(user), await users(user)], expected)
    t.ok(batches.count > 3)
  }
})

t.test('a page is refused when the database never answers the whole batch', { buffered: true }, async t => {
  const { app, alice } = await chat(t)
  const batches = intercept(t, app, 'BatchGetItem', attempt => leaveUnprocessed(attempt, 1))
  await unavailable(t, () => alice.get('/conversations'))
  await unavailable(t, () => alice.get('/users'))
  batches.remove()
  t.equal((await alice.get('/conversations')).statusCode, 200)
})

/** An app where alice has said `first` to bob. */
/** @param options.impatient where a refusal in time is what is tested; the rest has to succeed on a busy machine */
async function chat (t: Test, options: Pick<TestAppOptions, 'impatient' | 'env'> = {}) {
  const app = await testApp(t, options)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await bob.get('/conversations')
  await alice.say('bob', 'first')
  return { app, alice, bob }
}

async function farChat (t: Test) {
  const line = await Line.open(t)
  return { line, ...await chat(t, { impatient: true, env: { DYNAMODB: line.url } }) }
}

function everyRequest (alice: TestUser, bob: TestUser) {
  return [
    () => alice.say('bob', 'lost'),
    () => alice.say('bob', 'lost', { 'idempotency-key': 'k' }),
    () => alice.get('/bob'),
    () => alice.get('/conversations'),
    () => alice.get('/users'),
    () => bob.post('/conversations/alice/read', { seq: 1 }),
    () => new TestUser(alice.app, 'newcomer').get('/conversations'),
    () => alice.app.inject('/ready')
  ]
}

function fail (times: number, error: () => Error): Handler {
  return async (attempt, count) => {
    if (count < times) throw error()
    return await attempt()
  }
}

/** Expects a refusal that says when to come back, in time and without internals. */
async function unavailable (t: Test, request: () => Promise<Response>, code = 'database_unavailable', within = patience) {
  const start = Date.now()
  const response = await request()
  const took = Date.now() - start
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '1')
  // On a machine that is busy with other tests the queue may run out of patience first.
  t.ok([code, 'conversation_busy'].includes(response.json<{ code: string }>().code), code)
  t.ok(took < within, `answered after ${took} ms`)
}

/** Expects that everything works again, at the latest when a client comes back as it was told to. */
async function recovered (t: Test, alice: TestUser, bob: TestUser) {
  const again = async () => await alice.say('bob', 'again', { 'idempotency-key': 'again' })
  let response = await again()
  for (let n = 0; response.statusCode === 503 && n < 3; n++) {
    await sleep(1000)
    response = await again()
  }
  t.equal(response.statusCode, 201)
  t.equal((await bob.get('/conversations')).statusCode, 200)
  const found = await messages(alice, 'bob')
  t.same(found.map(({ seq }) => seq), found.map((_, n) => n + 1))
  // Not necessarily the last one: what was refused because its outcome was unknown may have been done after it.
  t.equal(found.filter(({ text }) => text === 'again').length, 1)
}

async function messages (user: TestUser, other: string): Promise<Message[]> {
  return (await user.get(`/${other}?order=asc&limit=100`)).json<{ messages: Message[] }>().messages
}

async function texts (user: TestUser) {
  return (await messages(user, 'bob')).map(({ text }) => text)
}

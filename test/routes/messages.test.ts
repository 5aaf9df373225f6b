import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Message, MessagePage } from '../../schemas/message.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { listed } from '../support/lists.js'
import { refused } from '../support/problem.js'

async function aliceAndBob (t: Test) {
  const app = await testApp(t)
  return { app, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob') }
}

/** A POST to bob whose payload is exactly this. */
function postRaw (user: TestUser, payload: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }) {
  return user.request({ method: 'POST', url: '/api/messages/bob', payload, headers })
}

async function page (user: TestUser, path: string): Promise<MessagePage> {
  const response = await user.get(path)
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.body}`)
  return response.json()
}

/** Every page of a listing, from the first on. */
async function allPages (user: TestUser, path: string): Promise<Message[][]> {
  const pages: Message[][] = []
  let token = ''
  do {
    const { messages, nextPageToken } = await page(user, `${path}${token}`)
    pages.push(messages)
    token = nextPageToken === null ? '' : `&pageToken=${nextPageToken}`
  } while (token !== '')
  return pages
}

const seqs = (messages: Message[]) => messages.map(({ seq }) => seq)
const textsBetween = async (user: TestUser, other: string) =>
  (await page(user, `/${other}?order=asc&limit=100`)).messages.map(({ text }) => text)

t.test('sending', async t => {
  t.test('a message is answered as it will be read', async t => {
    const { alice, bob } = await aliceAndBob(t)
    const before = Date.now()
    const response = await alice.say('bob', 'hello')
    t.equal(response.statusCode, 201)
    t.match(response.headers['content-type'], /^application\/json/)
    t.notOk(response.headers['idempotent-replayed'])
    const message = response.json<Message>()
    t.strictSame({ ...message, messageId: '', timestamp: '' }, {
      messageId: '',
      conversationId: 'alice~bob',
      seq: 1,
      senderId: 'alice',
      receiverId: 'bob',
      messageType: 'text',
      text: 'hello',
      timestamp: ''
    })
    t.match(message.messageId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    t.equal(new Date(message.timestamp).toISOString(), message.timestamp)
    t.ok(Date.parse(message.timestamp) >= before && Date.parse(message.timestamp) <= Date.now())
    for (const [user, other] of [[alice, 'bob'], [bob, 'alice']] as const) {
      t.strictSame(listed(await page(user, `/${other}`)), { messages: [message], offers: [], nextPageToken: null })
    }
  })

  t.test('both members count in one sequence', async t => {
    const { alice, bob } = await aliceAndBob(t)
    for (let n = 1; n <= 6; n++) {
      const response = n % 3 === 0 ? await bob.say('alice', `${n}`) : await alice.say('bob', `${n}`)
      t.equal(response.json().seq, n)
    }
    t.same(await textsBetween(bob, 'alice'), ['1', '2', '3', '4', '5', '6'])
  })

  t.test('concurrent messages through two instances are numbered without a hole', async t => {
    const app = await testApp(t)
    const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
    const senders = [new TestUser(app, 'alice'), new TestUser(other, 'alice'), new TestUser(app, 'bob'), new TestUser(other, 'bob')]
    const sent = await Promise.all(Array.from({ length: 40 }, (_, n) => {
      const sender = senders[n % 4]!
      return sender.say(sender.id === 'alice' ? 'bob' : 'alice', `${n}`)
    }))
    t.same(sent.map(response => response.statusCode), sent.map(() => 201))
    t.same(sent.map(response => response.json().seq).sort((a, b) => a - b), sent.map((_, n) => n + 1))
    const { messages } = await page(senders[0]!, '/bob?order=asc&limit=100')
    t.same(seqs(messages), sent.map((_, n) => n + 1))
    t.same(messages.map(({ messageId }) => messageId).sort(), sent.map(response => response.json().messageId).sort())
  })

  t.test('a message type may be named', async t => {
    const { alice } = await aliceAndBob(t)
    t.equal((await alice.post('/bob', { messageType: 'text', text: 'hello' })).statusCode, 201)
  })

  t.test('a text comes back code unit for code unit', async t => {
    const { alice, bob } = await aliceAndBob(t)
    const texts = [
      'a', 'x'.repeat(4000), '🌞'.repeat(4000), '👩‍👩‍👧‍👦', ' ', '\u0000', '\u0001\u001f\u007f\u0085', '\r\n\t', '"\\/', '\ufeffa', '\ufffd',
      '\uffff\ufffe', 'שלום עולם \u202eabc\u202c', 'مرحبا', 'e\u0301 \u00e9', '\u2028\u2029', '</script>', '__proto__', 'null', '5', '👍🏽'
    ]
    for (const [n, text] of texts.entries()) {
      const response = await alice.say('bob', text)
      t.equal(response.statusCode, 201, `text ${n}`)
      t.ok(response.json().text === text, `text ${n}`)
    }
    t.ok((await textsBetween(bob, 'alice')).every((text, n) => text === texts[n]))
  })

  t.test('any text comes back code unit for code unit', async t => {
    const { alice } = await aliceAndBob(t)
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), async text => {
      const response = await alice.say('bob', text)
      assert.equal(response.json().text, text)
      const { messages: [read] } = await page(alice, '/bob?limit=1')
      assert.equal(read?.text, text)
    }), { numRuns: 50 })
  })

  t.test('a body that does not match the schema is refused and changes nothing', async t => {
    const { alice } = await aliceAndBob(t)
    const bodies: Record<string, unknown> = {
      'no text': {},
      'an empty text': { text: '' },
      'a text of 4001 code points': { text: 'x'.repeat(4001) },
      'a text of null': { text: null },
      'a text that is a number': { text: 5 },
      'a text that is a boolean': { text: true },
      'a text that is a list': { text: ['hello'] },
      'a text that is an object': { text: { toString: 'hello' } },
      'an unknown property': { text: 'hello', color: 'red' },
      'another sender': { text: 'hello', senderId: 'carol' },
      'a seq': { text: 'hello', seq: 7 },
      'an unknown message type': { text: 'hello', messageType: 'image' },
      'a server\'s message type': { text: 'hello', messageType: 'tradeResponse' },
      'a message type in capitals': { text: 'hello', messageType: 'TEXT' },
      'a message type of null': { text: 'hello', messageType: null },
      'a list': [{ text: 'hello' }],
      'a text alone': 'hello',
      null: null,
      'a number': 5,
      true: true
    }
    for (const [name, body] of Object.entries(bodies)) {
      const problem = refused(t, await postRaw(alice, JSON.stringify(body)), 'validation_failed', name)
      t.ok(problem.errors!.length > 0)
    }
    t.same((await page(alice, '/bob')).messages, [])
  })

  t.test('unpaired surrogates are refused', async t => {
    const { alice } = await aliceAndBob(t)
    for (const text of ['\\ud83c', '\\udf1e', 'a\\ud83cb', '\\udf1e\\ud83c']) {
      refused(t, await postRaw(alice, `{"text":"${text}"}`), 'validation_failed', text)
    }
    t.equal((await postRaw(alice, '{"text":"\\ud83c\\udf1e"}')).json().text, '🌞')
  })

  t.test('a violation is located and its value is not repeated', async t => {
    const { alice } = await aliceAndBob(t)
    const problem = refused(t, await alice.post('/bob', { text: 7_777_777 }), 'validation_failed')
    t.match(problem.errors, [{ path: '/text' }])
    t.notMatch(JSON.stringify(problem), /7777777/)
  })

  t.test('what is not JSON in UTF-8 is malformed', async t => {
    const { alice } = await aliceAndBob(t)
    const bodies: Record<string, string | Buffer> = {
      nothing: '',
      'white space': ' ',
      'half an object': '{"text":"hello"',
      'two objects': '{"text":"a"}{"text":"b"}',
      'a trailing comma': '{"text":"a",}',
      'single quotes': "{'text':'a'}",
      'a raw line feed in a string': '{"text":"a\nb"}',
      NaN: '{"text":NaN}',
      'a byte that no UTF-8 has': Buffer.from('{"text":"\xff"}', 'latin1'),
      'Latin-1': Buffer.from('{"text":"é"}', 'latin1'),
      'an overlong form': Buffer.from('{"text":"\xc0\xaf"}', 'latin1'),
      'a surrogate in UTF-8': Buffer.from('{"text":"\xed\xa0\x80"}', 'latin1'),
      'a character cut in half': Buffer.from('{"text":"\xf0\x9f"}', 'latin1'),
      'UTF-16': Buffer.from('{"text":"a"}', 'utf16le'),
      'a __proto__': '{"text":"a","__proto__":{"admin":true}}',
      'an escaped __proto__': '{"text":"a","\\u005f_proto__":{"admin":true}}',
      'a constructor with a prototype': '{"text":"a","constructor":{"prototype":{"admin":true}}}'
    }
    for (const [name, body] of Object.entries(bodies)) refused(t, await postRaw(alice, body), 'malformed_json', name)
    t.same((await page(alice, '/bob')).messages, [])
  })

  t.test('a body that is not declared as JSON is refused', async t => {
    const { alice } = await aliceAndBob(t)
    const types = [
      'text/plain', 'text/json', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
      'application/jsonx', 'json', '*/*', ''
    ]
    for (const type of types) {
      refused(t, await postRaw(alice, '{"text":"hello"}', { 'content-type': type }), 'unsupported_media_type', type)
    }
    refused(t, await postRaw(alice, '{"text":"hello"}', {}), 'unsupported_media_type', 'no type')
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset="utf-8"']) {
      t.equal((await postRaw(alice, '{"text":"hello"}', { 'content-type': type })).statusCode, 201, type)
    }
  })

  t.test('a request without a body is refused', async t => {
    const { alice } = await aliceAndBob(t)
    refused(t, await alice.request({ method: 'POST', url: '/api/messages/bob' }), 'validation_failed')
  })

  t.test('a body may have 16 KiB and not a byte more', async t => {
    const { alice } = await aliceAndBob(t)
    t.equal((await postRaw(alice, '{"text":"hello"}'.padEnd(16 * 1024))).statusCode, 201)
    refused(t, await postRaw(alice, '{"text":"hello"}'.padEnd(16 * 1024 + 1)), 'body_too_large')
  })

  t.test('nobody talks to themselves or to a reserved id', async t => {
    const { alice } = await aliceAndBob(t)
    refused(t, await alice.say('alice', 'hello'), 'self_conversation')
    refused(t, await alice.get('/alice'), 'self_conversation')
    for (const id of ['users', 'conversations', 'trades', 'sync']) {
      refused(t, await alice.say(id, 'hello'), 'reserved_user_id', id)
    }
  })

  t.test('what can not be a user id is refused', async t => {
    const { alice } = await aliceAndBob(t)
    const ids = ['a#b', 'a~b', 'a/b', 'a$b', 'a b', '.bob', '...', 'a\u0000', 'a\n', 'böb', '🌞', 'a%', 'a"', 'a\\b', 'a*', 'a'.repeat(129)]
    for (const id of ids) {
      refused(t, await alice.say(id, 'hello'), 'validation_failed', `to ${JSON.stringify(id)}`)
      refused(t, await alice.get(`/${encodeURIComponent(id)}`), 'validation_failed', `with ${JSON.stringify(id)}`)
      refused(t, await alice.post(`/conversations/${encodeURIComponent(id)}/read`, { seq: 1 }), 'validation_failed', `of ${JSON.stringify(id)}`)
    }
    for (const id of ['a'.repeat(128), '=|'.repeat(64), 'x', '-', '_', '@', 'a..b', 'a.']) {
      t.equal((await alice.say(id, 'hello')).json().receiverId, id)
    }
  })
})

t.test('Idempotency-Key', async t => {
  const key = (value: string = randomUUID()) => ({ 'idempotency-key': value })

  t.test('a retry returns the first message and makes no second one', async t => {
    const { app, alice, bob } = await aliceAndBob(t)
    const url = await listen(app)
    const socket = await TestSocket.open(t, url, bob)
    const headers = key()
    const first = await alice.say('bob', 'hello', headers)
    t.equal(first.statusCode, 201)
    t.notOk(first.headers['idempotent-replayed'])
    await bob.say('alice', 'hi')
    for (let n = 0; n < 3; n++) {
      const again = await alice.say('bob', 'hello', headers)
      t.equal(again.statusCode, 201)
      t.equal(again.headers['idempotent-replayed'], 'true')
      t.equal(again.body, first.body)
    }
    t.same(await textsBetween(bob, 'alice'), ['hello', 'hi'])
    await socket.settle()
    const told = socket.received.flatMap(frame => frame.type === 'newMessage' ? [frame.data.text] : [])
    t.same(told, ['hello', 'hi'], 'nobody gets a replay twice')
  })

  t.test('the type that is named and the one that is meant are the same request', async t => {
    const { alice } = await aliceAndBob(t)
    const headers = key()
    const first = await alice.say('bob', 'hello', headers)
    const again = await alice.post('/bob', { messageType: 'text', text: 'hello' }, headers)
    t.equal(again.headers['idempotent-replayed'], 'true')
    t.equal(again.body, first.body)
  })

  t.test('a key belongs to one request', async t => {
    const { alice, bob } = await aliceAndBob(t)
    const headers = key()
    await alice.say('bob', 'hello', headers)
    refused(t, await alice.say('bob', 'other', headers), 'idempotency_key_reused')
    refused(t, await alice.say('carol', 'hello', headers), 'idempotency_key_reused')
    t.same(await textsBetween(bob, 'alice'), ['hello'])
    t.same(await textsBetween(alice, 'carol'), [])
    t.equal((await alice.say('bob', 'hello', headers)).headers['idempotent-replayed'], 'true', 'and stays so')
  })

  t.test('a refused request does not use up its key', async t => {
    const { alice } = await aliceAndBob(t)
    const headers = key()
    refused(t, await alice.say('bob', '', headers), 'validation_failed')
    const sent = await alice.say('bob', 'hello', headers)
    t.equal(sent.statusCode, 201)
    t.notOk(sent.headers['idempotent-replayed'])
  })

  t.test('keys of different users, and keys that differ in case, are different', async t => {
    const { alice, bob } = await aliceAndBob(t)
    for (const [user, to, headers] of [[alice, 'bob', key('k')], [bob, 'alice', key('k')], [alice, 'bob', key('K')]] as const) {
      const sent = await user.say(to, 'hello', headers)
      t.equal(sent.statusCode, 201)
      t.notOk(sent.headers['idempotent-replayed'])
    }
    t.equal((await textsBetween(alice, 'bob')).length, 3)
  })

  t.test('separators in a key do not reach another user\'s keys', async t => {
    const app = await testApp(t)
    const [a, b] = [new TestUser(app, 'a'), new TestUser(app, 'a|b')]
    for (const [user, value] of [[a, '|b#k'], [b, 'k'], [a, 'b#k'], [a, '#k'], [a, 'k']] as const) {
      t.notOk((await user.say('bob', value, key(value))).headers['idempotent-replayed'], value)
    }
  })

  for (const instances of [1, 2]) {
    t.test(`concurrent retries make one message on ${instances} instance${instances > 1 ? 's' : ''}`, async t => {
      const app = await testApp(t)
      const apps = [app]
      while (apps.length < instances) apps.push(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }))
      const users = apps.map(app => new TestUser(app, 'alice'))
      const headers = key()
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => users[n % instances]!.say('bob', 'hello', headers)))
      t.same(answers.map(({ statusCode }) => statusCode), answers.map(() => 201))
      t.equal(answers.filter(answer => answer.headers['idempotent-replayed'] === undefined).length, 1)
      t.equal(new Set(answers.map(answer => answer.body)).size, 1)
      t.same(await textsBetween(users[0]!, 'bob'), ['hello'])
    })
  }

  t.test('of concurrent requests that share a key but not a body, one is sent', async t => {
    const { alice } = await aliceAndBob(t)
    const headers = key()
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => alice.say('bob', `${n}`, headers)))
    const sent = answers.filter(({ statusCode }) => statusCode === 201)
    t.equal(sent.length, 1)
    for (const answer of answers) if (answer !== sent[0]) refused(t, answer, 'idempotency_key_reused')
    t.same(await textsBetween(alice, 'bob'), [sent[0]!.json().text])
  })

  t.test('a retry finds what was committed by an instance that died before its reply', async t => {
    const app = await testApp(t)
    const headers = key()
    const send = app.services.messages.send
    let committed: Message | undefined
    app.services.messages.send = async (...request) => {
      committed = (await send(...request)).message
      throw new Error('the process dies here')
    }
    await new TestUser(app, 'alice').say('bob', 'hello', headers)
    await app.close()
    const alice = new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'alice')
    const again = await alice.say('bob', 'hello', headers)
    t.equal(again.statusCode, 201)
    t.equal(again.headers['idempotent-replayed'], 'true')
    t.strictSame(again.json(), committed)
    t.same(await textsBetween(alice, 'bob'), ['hello'])
  })

  t.test('a key that is older than 24 h is as good as new', async t => {
    const { app, alice } = await aliceAndBob(t)
    const headers = key('old')
    await alice.say('bob', 'first', headers)
    await outdate(app, 'alice', 'old')
    const second = await alice.say('bob', 'second', headers)
    t.equal(second.statusCode, 201)
    t.notOk(second.headers['idempotent-replayed'])
    t.equal(second.json().seq, 2)
    t.equal((await alice.say('bob', 'second', headers)).headers['idempotent-replayed'], 'true')
    refused(t, await alice.say('bob', 'first', headers), 'idempotency_key_reused')
  })

  t.test('a key is remembered for 24 h', async t => {
    const { app, alice } = await aliceAndBob(t)
    const before = Math.floor(Date.now() / 1000)
    await alice.say('bob', 'hello', key('k'))
    const { data } = await app.entities.entities.idempotencyKey.get({ userId: 'alice', key: 'k' }).go()
    t.ok(data!.ttl >= before + 86_400 && data!.ttl <= Date.now() / 1000 + 86_400)
  })

  t.test('a malformed key is refused', async t => {
    const { alice } = await aliceAndBob(t)
    for (const value of ['', ' ', 'a b', 'k\u00e9', 'k'.repeat(256)]) {
      refused(t, await alice.say('bob', 'hello', key(value)), 'validation_failed', JSON.stringify(value.slice(0, 9)))
    }
    for (const value of ['k'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '!~#$', '__proto__']) {
      t.equal((await alice.say('bob', 'hello', key(value))).statusCode, 201, value.slice(0, 9))
    }
    t.equal((await textsBetween(alice, 'bob')).length, 4)
  })

  async function outdate (app: FastifyInstance, userId: string, key: string) {
    const ttl = Math.floor(Date.now() / 1000) - 1
    await app.entities.entities.idempotencyKey.patch({ userId, key }).set({ ttl }).go()
  }
})

t.test('listing', async t => {
  t.test('a conversation that does not exist has no messages', async t => {
    const { alice } = await aliceAndBob(t)
    t.strictSame(listed(await page(alice, '/bob')), { messages: [], offers: [], nextPageToken: null })
    t.strictSame(listed(await page(alice, '/bob?order=asc')), { messages: [], offers: [], nextPageToken: null })
  })

  t.test('the newest 20 come first unless asked otherwise', async t => {
    const { alice } = await aliceAndBob(t)
    for (let n = 1; n <= 22; n++) await alice.say('bob', `${n}`)
    const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
    t.same(seqs((await page(alice, '/bob')).messages), upTo(3, 22).reverse())
    t.same(seqs((await page(alice, '/bob?order=desc&limit=2')).messages), [22, 21])
    t.same(seqs((await page(alice, '/bob?order=asc')).messages), upTo(1, 20))
    t.same(seqs((await page(alice, '/bob?limit=100')).messages), upTo(1, 22).reverse())
    t.same(seqs((await page(alice, '/bob?afterSeq=20')).messages), [22, 21])
    t.same(seqs((await page(alice, '/bob?beforeSeq=3')).messages), [2, 1])
    t.same(seqs((await page(alice, '/bob?afterSeq=3&beforeSeq=6&order=asc')).messages), [4, 5])
    for (const nothing of ['beforeSeq=1', 'afterSeq=22', 'afterSeq=999999999999', 'afterSeq=5&beforeSeq=6', 'afterSeq=9&beforeSeq=2']) {
      for (const order of ['asc', 'desc']) {
        t.strictSame(listed(await page(alice, `/bob?${nothing}&order=${order}`)), { messages: [], offers: [], nextPageToken: null }, nothing)
      }
    }
  })

  t.test('pages visit every message of a range once, in order', async t => {
    const { alice } = await aliceAndBob(t)
    const sizes = [0, 1, 2, 5, 13]
    for (const size of sizes) {
      for (let n = 1; n <= size; n++) await alice.say(`other-${size}`, `${n}`)
    }
    const position = fc.option(fc.nat(15), { nil: undefined })
    await fc.assert(fc.asyncProperty(
      fc.constantFrom(...sizes), fc.constantFrom('asc', 'desc'), fc.integer({ min: 1, max: 15 }), position, position,
      async (size, order, limit, afterSeq, before) => {
        const beforeSeq = before === undefined ? undefined : before + 1
        const range = `${afterSeq === undefined ? '' : `&afterSeq=${afterSeq}`}${beforeSeq === undefined ? '' : `&beforeSeq=${beforeSeq}`}`
        const pages = await allPages(alice, `/other-${size}?order=${order}&limit=${limit}${range}`)
        const expected = Array.from({ length: size }, (_, n) => n + 1)
          .filter(seq => seq > (afterSeq ?? 0) && seq < (beforeSeq ?? Infinity))
        if (order === 'desc') expected.reverse()
        assert.deepEqual(pages.flatMap(seqs), expected)
        assert.ok(pages.slice(0, -1).every(page => page.length === limit), 'only the last page is shorter')
        if (order === 'desc') assert.equal(pages.length, Math.max(1, Math.ceil(expected.length / limit)), 'the last page is not empty')
      }
    ), { numRuns: 60 })
  })

  t.test('messages that come while paging neither hide nor repeat others', async t => {
    const { alice } = await aliceAndBob(t)
    for (let n = 1; n <= 5; n++) await alice.say('bob', `${n}`)
    const down = await page(alice, '/bob?limit=2')
    const up = await page(alice, '/bob?limit=3&order=asc')
    await alice.say('bob', '6')
    t.same(seqs((await page(alice, `/bob?limit=2&pageToken=${down.nextPageToken}`)).messages), [3, 2])
    t.same(seqs((await page(alice, `/bob?limit=3&order=asc&pageToken=${up.nextPageToken}`)).messages), [4, 5, 6])
  })

  t.test('pages larger than what DynamoDB reads at once are complete', async t => {
    const { alice } = await aliceAndBob(t)
    const text = '🌞'.repeat(4000)
    const sent = await Promise.all(Array.from({ length: 90 }, () => alice.say('bob', text)))
    t.ok(sent.every(({ statusCode }) => statusCode === 201))
    for (const order of ['asc', 'desc']) {
      const pages = await allPages(alice, `/bob?limit=100&order=${order}`)
      t.ok(pages.length > 1, 'one page was not enough')
      const visited = pages.flatMap(seqs)
      t.same(order === 'asc' ? visited : visited.reverse(), sent.map((_, n) => n + 1))
      t.ok(pages.flat().every(message => message.text === text))
    }
  })

  t.test('a query that does not match the schema is refused', async t => {
    const { alice } = await aliceAndBob(t)
    const queries = [
      'limit=0', 'limit=101', 'limit=-1', 'limit=1.5', 'limit=abc', 'limit=', 'limit=1&limit=2', 'limit=null', 'limit=Infinity', 'limit=-Infinity', 'beforeSeq=Infinity', 'order=up', 'order=',
      'order=ASC', 'order=asc&order=desc', 'beforeSeq=0', 'beforeSeq=-1', 'beforeSeq=x', 'beforeSeq=1000000000000', 'afterSeq=-1',
      'afterSeq=1e99', 'afterSeq=NaN', 'afterSeq=Infinity', 'pageToken=', `pageToken=${'a'.repeat(2049)}`, 'color=red', 'Limit=5',
      '__proto__=1', 'constructor=1', 'limit[]=5'
    ]
    for (const query of queries) refused(t, await alice.get(`/bob?${query}`), 'validation_failed', query)
  })

  t.test('a page token is good for its caller and its query only', async t => {
    const { app, alice, bob } = await aliceAndBob(t)
    for (const other of ['bob', 'carol']) {
      for (let n = 1; n <= 5; n++) await alice.say(other, `${n}`)
    }
    const carol = new TestUser(app, 'carol')
    await carol.say('bob', 'hello')
    const tokenOf = async (path: string) => (await page(alice, path)).nextPageToken!
    const token = await tokenOf('/bob?limit=2')
    t.same(seqs((await page(alice, `/bob?limit=3&pageToken=${token}`)).messages), [3, 2, 1], 'the limit may change')

    const misuses: Record<string, [TestUser, string]> = {
      'another user': [bob, '/alice?limit=2'],
      'another conversation': [alice, '/carol?limit=2'],
      'another order': [alice, '/bob?limit=2&order=asc'],
      'another range': [alice, '/bob?limit=2&afterSeq=1'],
      'a range above': [alice, '/bob?limit=2&beforeSeq=5'],
      'the conversations': [alice, '/conversations?limit=2'],
      'the users': [alice, '/users?limit=2'],
      'a stranger': [carol, '/bob?limit=2'],
      'a stranger in the middle': [carol, '/alice?limit=2']
    }
    for (const [name, [user, path]] of Object.entries(misuses)) {
      refused(t, await user.get(`${path}&pageToken=${token}`), 'invalid_page_token', name)
    }
    const before = await tokenOf('/bob?limit=2&beforeSeq=4')
    refused(t, await alice.get(`/bob?afterSeq=4&pageToken=${before}`), 'invalid_page_token', 'the other end of a range')
    const other = new TestUser(await testApp(t, { env: { JWT_SECRET: 'another secret that only the tests know', TABLE_NAME: app.config.TABLE_NAME } }), 'alice')
    refused(t, await other.get(`/bob?pageToken=${token}`), 'invalid_page_token', 'a server with another secret')
    const peer = new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'alice')
    t.same(seqs((await page(peer, `/bob?pageToken=${token}`)).messages), [3, 2, 1], 'another instance knows it')
  })

  t.test('a page token altered in any character is refused', async t => {
    const { alice } = await aliceAndBob(t)
    await alice.say('bob', '1')
    await alice.say('bob', '2')
    const { nextPageToken } = await page(alice, '/bob?limit=1')
    const token = nextPageToken!
    t.match(token, /^[\w.-]+$/, 'it needs no encoding')
    const forgeries = [...token].flatMap((char, at) => [
      token.slice(0, at) + (char === 'A' ? 'B' : 'A') + token.slice(at + 1),
      token.slice(0, at) + token.slice(at + 1),
      `${token.slice(0, at)}.${token.slice(at)}`
    ])
    forgeries.push(`${token}A`, `${token}=`, `A${token}`, token.split('.')[0]!, `.${token.split('.')[1]}`, '.', 'null', 'x', '%00', token.toUpperCase())
    for (const forged of forgeries) {
      const response = await alice.get(`/bob?pageToken=${forged}`)
      t.equal(response.json().code, 'invalid_page_token', forged)
    }
    t.equal((await alice.get(`/bob?pageToken=${token}`)).statusCode, 200)
  })
})

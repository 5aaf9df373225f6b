import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Conversation, ConversationPage, ConversationWithCursor } from '../../schemas/conversation.js'
import { acquaint } from '../support/acquaint.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { listed } from '../support/lists.js'
import { refused } from '../support/problem.js'

async function aliceAndBob (t: Test) {
  const app = await testApp(t)
  return { app, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob') }
}

async function page (user: TestUser, query = ''): Promise<ConversationPage> {
  const response = await user.get(`/conversations${query}`)
  assert.equal(response.statusCode, 200, response.body)
  return response.json()
}

/** The only conversation of a user. */
async function only (user: TestUser): Promise<Conversation> {
  const { conversations: [conversation, ...others] } = await page(user)
  assert.ok(conversation !== undefined && others.length === 0)
  return conversation
}

const markRead = (user: TestUser, other: string, seq: number) => user.post(`/conversations/${other}/read`, { seq })

/** Makes a conversation look as if its index keys were written so many ms ago. */
async function age (app: FastifyInstance, [firstId, secondId]: [string, string], ms: number) {
  await app.entities.entities.conversation.patch({ conversationId: `${firstId}~${secondId}` })
    .set({ firstId, secondId, indexedAt: Date.now() - ms }).go()
}

t.test('listing', async t => {
  t.test('who never talked has no conversations', async t => {
    const { alice } = await aliceAndBob(t)
    t.strictSame(listed(await page(alice)), { conversations: [], nextPageToken: null })
  })

  t.test('one conversation is shown as in the list', async t => {
    const { app, alice, bob } = await aliceAndBob(t)
    refused(t, await alice.get('/conversations/bob'), 'conversation_not_found')
    await alice.say('bob', 'one')
    await bob.say('alice', 'two')
    await markRead(alice, 'bob', 1)
    for (const [user, other] of [[alice, 'bob'], [bob, 'alice']] as const) {
      const response = await user.get(`/conversations/${other}`)
      t.equal(response.statusCode, 200)
      t.strictSame(listed(response.json<ConversationWithCursor>()), await only(user))
    }
    refused(t, await new TestUser(app, 'carol').get('/conversations/bob'), 'conversation_not_found')
    refused(t, await alice.get('/conversations/alice'), 'self_conversation')
    refused(t, await alice.get('/conversations/sync'), 'reserved_user_id')
  })

  t.test('a conversation is shown to each member from their side', async t => {
    const { app, alice } = await aliceAndBob(t)
    const bob = new TestUser(app, 'bob', { name: 'Bob the Builder' })
    await alice.say('bob', 'one')
    await alice.say('bob', 'two')
    const last = (await bob.say('alice', 'three')).json()
    await markRead(bob, 'alice', 1)
    const shared = {
      conversationId: 'alice~bob',
      lastMessage: { seq: 3, senderId: 'bob', messageType: 'text', text: 'three', timestamp: last.timestamp },
      seq: 3,
      contact: 'established',
      blocked: false,
      muted: false,
      mutedUntil: null,
      updatedAt: last.timestamp
    }
    const seen = async (userId: string) => (await app.entities.entities.user.get({ userId }).go()).data!.lastSeenAt
    t.strictSame(listed(await page(alice)), {
      conversations: [{
        ...shared,
        otherUser: { userId: 'bob', username: 'Bob the Builder', online: false, lastSeenAt: await seen('bob') },
        unreadCount: 1,
        lastReadSeq: 0,
        otherLastReadSeq: 1
      }],
      nextPageToken: null
    })
    t.strictSame(listed(await page(bob)), {
      conversations: [{
        ...shared,
        otherUser: { userId: 'alice', username: 'alice', online: false, lastSeenAt: await seen('alice') },
        unreadCount: 1,
        lastReadSeq: 1,
        otherLastReadSeq: 0
      }],
      nextPageToken: null
    })
  })

  t.test('somebody who never came has the id for a name', async t => {
    const { alice } = await aliceAndBob(t)
    await alice.say('nobody', 'hello')
    t.strictSame((await only(alice)).otherUser, { userId: 'nobody', username: 'nobody', online: null, lastSeenAt: null })
  })

  t.test('whether the other user is there and has read isn\'t shown until both have written', async t => {
    const { app, alice, bob } = await aliceAndBob(t)
    await TestSocket.open(t, await listen(app), bob)
    await alice.say('bob', 'hello')
    await markRead(bob, 'alice', 1)
    const shown = async (user: TestUser) => {
      const { otherUser: { online, lastSeenAt }, otherLastReadSeq } = await only(user)
      return { online, seen: lastSeenAt !== null, otherLastReadSeq }
    }
    for (const user of [alice, bob]) t.same(await shown(user), { online: null, seen: false, otherLastReadSeq: 0 })
    await bob.say('alice', 'hello')
    t.same(await shown(alice), { online: true, seen: true, otherLastReadSeq: 1 })
    t.same(await shown(bob), { online: false, seen: true, otherLastReadSeq: 0 })
  })

  t.test('the other user is online while connected', async t => {
    const { app, alice, bob } = await aliceAndBob(t)
    await acquaint(app, 'alice', 'bob')
    const socket = await TestSocket.open(t, await listen(app), bob)
    t.equal((await only(alice)).otherUser.online, true)
    t.equal((await only(bob)).otherUser.online, false)
    const gone = new Promise<void>(resolve => app.hub.once('offline', () => resolve()))
    socket.socket.close()
    await gone
    t.equal((await only(alice)).otherUser.online, false)
  })

  t.test('the preview is the first 100 code points', async t => {
    const { alice } = await aliceAndBob(t)
    const sun = '🌞'
    const previews: Array<[text: string, preview: string]> = [
      ['short', 'short'],
      ['x'.repeat(100), 'x'.repeat(100)],
      ['x'.repeat(101), 'x'.repeat(100)],
      [sun.repeat(100), sun.repeat(100)],
      [sun.repeat(101), sun.repeat(100)],
      [`x${sun.repeat(200)}`, `x${sun.repeat(99)}`],
      [`${'x'.repeat(99)}${sun}y`, `${'x'.repeat(99)}${sun}`],
      ['x'.repeat(4000), 'x'.repeat(100)],
      ['\u0000', '\u0000']
    ]
    for (const [text, preview] of previews) {
      await alice.say('bob', text)
      t.ok((await only(alice)).lastMessage.text === preview, JSON.stringify(text.slice(0, 5)))
    }
  })

  t.test('the most recent come first', async t => {
    const { app, alice } = await aliceAndBob(t)
    const others = ['aa', 'zz', 'carol', 'Bob', 'bob']
    for (const other of others) await alice.say(other, 'hello')
    await new TestUser(app, 'zz').say('alice', 'again')
    await alice.say('carol', 'again')
    const { conversations } = await page(alice)
    const times = conversations.map(({ updatedAt }) => updatedAt)
    t.same(times, [...times].sort().reverse())
    t.same(conversations.map(({ otherUser }) => otherUser.userId).sort(), [...others].sort())
    t.equal(conversations.find(({ otherUser }) => otherUser.userId === 'carol')?.updatedAt, times[0])
  })

  t.test('a conversation that comes back to life moves to the first page', async t => {
    const { app, alice } = await aliceAndBob(t)
    for (const other of ['bob', 'carol', 'aaron']) await alice.say(other, 'hello')
    await age(app, ['alice', 'bob'], 300_000)
    await age(app, ['alice', 'carol'], 200_000)
    await age(app, ['aaron', 'alice'], 100_000)
    const first = async () => (await page(alice, '?limit=1')).conversations[0]!.otherUser.userId
    t.equal(await first(), 'aaron')
    // The instance that sent before remembers the times as they were.
    const later = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
    await new TestUser(later, 'bob').say('alice', 'are you there?')
    t.equal(await first(), 'bob')
    await new TestUser(later, 'alice').say('carol', 'are you there?')
    t.equal(await first(), 'carol')
  })

  t.test('pages visit every conversation once', async t => {
    const { app, alice } = await aliceAndBob(t)
    // Ids on both sides of hers: she is the first member of some pairs and the second of others.
    const others = Array.from({ length: 11 }, (_, n) => `${n % 2 === 0 ? 'aa' : 'bb'}${n}`)
    await Promise.all(others.map(other => alice.say(other, 'hello')))
    await Promise.all(others.map(async (other, n) => {
      await age(app, [other, 'alice'].sort() as [string, string], n % 4 * 100_000)
    }))
    for (let limit = 1; limit <= 13; limit++) {
      const visited: string[] = []
      let token = ''
      do {
        const { conversations, nextPageToken } = await page(alice, `?limit=${limit}${token}`)
        if (nextPageToken !== null) assert.equal(conversations.length, limit)
        visited.push(...conversations.map(({ otherUser }) => otherUser.userId))
        token = nextPageToken === null ? '' : `&pageToken=${nextPageToken}`
      } while (token !== '')
      t.same(visited.sort(), [...others].sort(), `limit ${limit}`)
    }
  })

  t.test('more conversations than DynamoDB reads in one batch fit a page', async t => {
    const { alice } = await aliceAndBob(t)
    const others = Array.from({ length: 101 }, (_, n) => `user${n}`)
    for (const other of others) await alice.say(other, '🌞'.repeat(100))
    const { conversations, nextPageToken } = await page(alice, '?limit=100')
    t.equal(conversations.length, 100)
    const rest = await page(alice, `?limit=100&pageToken=${nextPageToken}`)
    t.equal(rest.nextPageToken, null)
    t.same([...conversations, ...rest.conversations].map(({ otherUser }) => otherUser.userId).sort(), others.sort())
  })

  t.test('a page token is good for its caller and this listing only', async t => {
    const { alice, bob } = await aliceAndBob(t)
    for (const other of ['bob', 'carol', 'dave']) await alice.say(other, 'hello')
    await bob.say('carol', 'hello')
    const { nextPageToken: token } = await page(alice, '?limit=1')
    t.equal((await page(alice, `?limit=5&pageToken=${token}`)).conversations.length, 2)
    refused(t, await bob.get(`/conversations?limit=1&pageToken=${token}`), 'invalid_page_token', 'another user')
    refused(t, await alice.get(`/users?limit=1&pageToken=${token}`), 'invalid_page_token', 'the users')
    refused(t, await alice.get(`/bob?limit=1&pageToken=${token}`), 'invalid_page_token', 'messages')
    refused(t, await alice.get(`/conversations?limit=1&pageToken=${token}x`), 'invalid_page_token', 'altered')
  })

  t.test('a query that does not match the schema is refused', async t => {
    const { alice } = await aliceAndBob(t)
    for (const query of ['limit=0', 'limit=101', 'limit=abc', 'limit=Infinity', 'pageToken=', 'order=asc', 'with=bob']) {
      refused(t, await alice.get(`/conversations?${query}`), 'validation_failed', query)
    }
  })
})

t.test('marking as read', async t => {
  t.test('the position moves forward only', async t => {
    const { alice, bob } = await aliceAndBob(t)
    for (let n = 1; n <= 5; n++) await alice.say('bob', `${n}`)
    await bob.say('alice', 'six')
    const steps = [[2, 2], [1, 2], [2, 2], [4, 4], [3, 4], [5, 5], [1, 5]] as const
    for (const [seq, lastReadSeq] of steps) {
      const response = await markRead(bob, 'alice', seq)
      t.equal(response.statusCode, 200)
      t.strictSame(response.json(), { conversationId: 'alice~bob', lastReadSeq, unreadCount: 5 - lastReadSeq })
      t.match(await only(bob), { lastReadSeq, unreadCount: 5 - lastReadSeq, otherLastReadSeq: 0 })
      t.match(await only(alice), { lastReadSeq: 0, unreadCount: 1, otherLastReadSeq: lastReadSeq })
    }
  })

  t.test('own messages do not count as unread', async t => {
    const { alice, bob } = await aliceAndBob(t)
    await alice.say('bob', '1')
    await bob.say('alice', '2')
    await alice.say('bob', '3')
    t.equal((await only(alice)).unreadCount, 1)
    t.equal((await only(bob)).unreadCount, 2)
    t.equal((await markRead(alice, 'bob', 3)).json().unreadCount, 0)
    t.equal((await markRead(bob, 'alice', 2)).json().unreadCount, 1)
  })

  t.test('what is not there yet can not be read', async t => {
    const { alice, bob } = await aliceAndBob(t)
    refused(t, await markRead(bob, 'alice', 1), 'conversation_not_found')
    await alice.say('bob', 'hello')
    for (const seq of [2, 3, 999_999_999_999]) refused(t, await markRead(bob, 'alice', seq), 'seq_out_of_range', `${seq}`)
    t.match(await only(bob), { lastReadSeq: 0, unreadCount: 1 })
    refused(t, await markRead(bob, 'bob', 1), 'self_conversation')
    refused(t, await markRead(bob, 'sync', 1), 'reserved_user_id')
  })

  t.test('a body that does not match the schema is refused', async t => {
    const { alice, bob } = await aliceAndBob(t)
    await alice.say('bob', 'hello')
    for (const seq of [0, -1, 1.5, '1', null, true, [1], 1e300, 1_000_000_000_000, undefined]) {
      refused(t, await bob.post('/conversations/alice/read', { seq }), 'validation_failed', `${seq}`)
    }
    refused(t, await bob.post('/conversations/alice/read', { seq: 1, userId: 'alice' }), 'validation_failed', 'an unknown property')
    t.match(await only(bob), { lastReadSeq: 0 })
    t.equal((await bob.post('/conversations/alice/read', { seq: 1.0 })).statusCode, 200)
  })

  t.test('both members are told, and only if the position moved; the other one only once both have written', async t => {
    const { app, alice, bob } = await aliceAndBob(t)
    const url = await listen(app)
    for (let n = 1; n <= 3; n++) await alice.say('bob', `${n}`)
    const [hers, his] = [await TestSocket.open(t, url, alice), await TestSocket.open(t, url, bob)]
    await markRead(bob, 'alice', 1)
    await bob.say('alice', '4')
    for (const seq of [2, 2, 3, 2]) await markRead(bob, 'alice', seq)
    const unread = (seq: number) => ({ unreadCount: 3 - seq })
    for (const [socket, seqs, own] of [[hers, [2, 3], () => ({})], [his, [1, 2, 3], unread]] as const) {
      await socket.settle()
      const told = socket.received.flatMap(frame => frame.type === 'read' ? [frame.data] : [])
      t.strictSame(told, seqs.map(seq => ({ userId: 'bob', conversationId: 'alice~bob', seq, ...own(seq) })))
    }
  })

  t.test('concurrent reads and sends leave the position at the maximum', async t => {
    const { app, alice, bob } = await aliceAndBob(t)
    const peer = new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'bob')
    for (let n = 1; n <= 50; n++) await (n % 3 === 0 ? bob.say('alice', `${n}`) : alice.say('bob', `${n}`))
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => n * 37 % 50 + 1).flatMap(seq => [
      markRead(seq % 2 === 0 ? bob : peer, 'alice', seq),
      alice.say('bob', 'more')
    ]))
    t.same(answers.map(({ statusCode }) => statusCode), answers.map((_, n) => n % 2 === 0 ? 200 : 201))
    t.match(await only(bob), { seq: 100, lastReadSeq: 50, unreadCount: 50 })
    t.match(await only(alice), { seq: 100, lastReadSeq: 0, unreadCount: 16, otherLastReadSeq: 50 })
  })
})

t.test('counts and positions agree with a simple model whatever happens', async t => {
  const app = await testApp(t)
  const names = ['first', 'second'] as const
  type Name = typeof names[number]
  const step = fc.oneof(
    fc.record({ send: fc.constantFrom<Name>(...names) }),
    fc.record({ read: fc.constantFrom<Name>(...names), part: fc.double({ min: 0, max: 1, noNaN: true }) })
  )
  let round = 0
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
    round++
    const users = { first: new TestUser(app, `a${round}`), second: new TestUser(app, `b${round}`) }
    const other = { first: 'second', second: 'first' } as const
    const senders: Name[] = []
    const position = { first: 0, second: 0 }
    const unread = (name: Name) => senders.slice(position[name]).filter(sender => sender !== name).length
    for (const event of steps) {
      if ('send' in event) {
        const sent = await users[event.send].say(users[other[event.send]].id, 'hello')
        assert.equal(sent.json().seq, senders.push(event.send))
      } else {
        const seq = Math.floor(event.part * senders.length) + 1
        const answer = await markRead(users[event.read], users[other[event.read]].id, seq)
        if (seq > senders.length) {
          assert.equal(answer.json().code, senders.length === 0 ? 'conversation_not_found' : 'seq_out_of_range')
        } else {
          position[event.read] = Math.max(position[event.read], seq)
          assert.deepEqual(answer.json(), {
            conversationId: `a${round}~b${round}`, lastReadSeq: position[event.read], unreadCount: unread(event.read)
          })
        }
      }
    }
    for (const name of names) {
      const { conversations } = await page(users[name])
      assert.deepEqual(conversations.map(({ seq, unreadCount, lastReadSeq, otherLastReadSeq }) =>
        ({ seq, unreadCount, lastReadSeq, otherLastReadSeq })), senders.length === 0
        ? []
        : [{
            seq: senders.length,
            unreadCount: unread(name),
            lastReadSeq: position[name],
            otherLastReadSeq: new Set(senders).size === 2 ? position[other[name]] : 0
          }])
    }
  }), { numRuns: 40 })
})

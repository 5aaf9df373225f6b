import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import type { Conversation, ConversationPage } from '../../schemas/conversation.js'
import type { MessagePage } from '../../schemas/message.js'
import type { MissedPage } from '../../schemas/sync.js'
import type { TradeOffer } from '../../schemas/trade-offer.js'
import { claimTime } from '../../src/work/claims.js'
import { erase, erasureTimers, scan, signedIn, textsIn, workOnErasure } from '../support/erasure.js'
import { breakCall } from '../support/break-call.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { open, read, respond } from '../support/trades.js'

const grace = 31 * 24 * 60 * 60 * 1000
const name = 'Alexandra Zylberstejn'

/** So many texts, no two of which begin alike. */
function randomTexts (count: number): string[] {
  const said = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }).filter(text => text.isWellFormed() && [...text].length <= 300)
  return fc.sample(said, count).map(text => `${randomUUID().slice(0, 18)} ${text}`)
}

async function leave (user: TestUser) {
  const response = await user.request({ method: 'DELETE', url: '/api/me' })
  if (response.statusCode !== 202) throw new Error(response.body)
}

async function timeline (user: TestUser, other: string) {
  const messages: MessagePage['messages'] = []
  for (let token = ''; ;) {
    const page = (await user.get(`/${other}?order=asc&limit=100${token}`)).json<MessagePage>()
    messages.push(...page.messages)
    if (page.nextPageToken === null) return messages
    token = `&pageToken=${page.nextPageToken}`
  }
}

t.test('after an erasure the table has no byte of what the user said and was called, and all of the others\'', async t => {
  const app = await testApp(t)
  const alice = signedIn(app, 'alice', 0, { name })
  const others = ['bob', 'carol', 'aaron'].map(id => new TestUser(app, id)) as [TestUser, TestUser, TestUser]
  const [bob, carol] = others
  const texts = randomTexts(200)
  const own = texts.slice(0, 120)
  const [words, foreign] = [own.splice(0, 10), texts.slice(120)]
  const { cursor } = (await bob.get('/sync')).json<MissedPage>()
  await app.services.users.enter('alice', { name, locale: 'de-AT' })

  await Promise.all(others.map(async (other, n) => {
    for (const [at, text] of own.entries()) {
      if (at % 3 === n) await alice.post(`/${other.id}`, { text, clientId: `client-${text.slice(0, 18)}` }, { 'idempotency-key': `key-${at}` })
    }
  }))
  await Promise.all(others.map(async (other, n) => {
    for (const [at, text] of foreign.entries()) if (at % 3 === n) await other.say('alice', text)
  }))
  const accepted = await open(alice, bob, { text: words[0] })
  await respond(bob, accepted, { response: 'counter', pricePerUnit: 0.2, text: foreign[0] })
  await respond(alice, accepted, { response: 'counter', pricePerUnit: 0.22, revision: 2, text: words[1] })
  await respond(bob, accepted, { response: 'accept', revision: 3, text: foreign[1] })
  const mine = await open(alice, bob, { text: words[2] })
  const hers = await open(carol, alice, { text: foreign[2] })
  await respond(alice, hers, { response: 'counter', pricePerUnit: 0.3, text: words[3] })
  const toMe = await open(carol, alice, { text: foreign[3] })
  const writer = await TestIntegration.make(app, ['messages'], { name: 'Zeta Metering' })
  await writer.post('/conversations/alice~bob/messages', { senderId: 'alice', text: words[4] })
  await alice.post('/conversations/bob/read', { seq: 5 })
  await app.reports.make('bob', { userId: 'alice', reason: 'spam', seqs: [1, 2, 3], note: foreign[4] })
  await app.reports.make('alice', { userId: 'bob', reason: 'other', seqs: [4], note: words[5] }, 'a key')
  const set = async (user: TestUser, path: string, payload?: object) => await user.request({ method: 'PUT', url: `/api/me/${path}`, payload })
  t.same((await Promise.all([set(alice, 'blocks/aaron'), set(alice, 'mutes/carol', {}), set(new TestUser(app, 'dave'), 'blocks/alice')])).map(({ statusCode }) => statusCode), [204, 204, 204])
  const seqs = (await bob.get('/conversations/alice')).json<Conversation>().seq
  const termsBefore = await read(bob, accepted)

  const socket = await TestSocket.open(t, await listen(app), bob)
  await leave(alice)
  await erase(app, 'alice', grace)

  const items = await scan(app)
  const found = items.flatMap(textsIn)
  t.same(items.filter(({ __edb_e__: entity }) => entity === 'block').map(({ userId, blockedAt }) => [userId, typeof blockedAt]).sort(),
    [['alice', 'undefined'], ['dave', 'number']], 'own blocks are gone, those of others stay')
  t.notOk(found.some(name => ['firstMutedUntil', 'secondMutedUntil', 'secondBlocked', 'firstReadAt'].includes(name)))
  const isThere = (part: string) => found.some(text => text.includes(part))
  t.same([...own, ...words].filter(text => isThere(text.slice(0, 18))), [], 'nothing of what was said is left, nor the names that a client gave it')
  for (const text of [name, name.toLowerCase(), 'zylber', 'de-AT']) t.notOk(isThere(text), text)
  t.equal(foreign.filter(text => isThere(text)).length, foreign.length)

  const live = await socket.next('tradeResponse')
  t.match(live.data, { offer: { messageId: mine.messageId, status: 'withdrawn' }, message: { senderId: 'alice', tradeResponse: { action: 'withdraw' } } })
  t.match([await read(carol, hers), await read(carol, toMe)], [{ status: 'withdrawn' }, { status: 'rejected' }])
  t.strictSame(await read(bob, accepted), {
    ...termsBefore, negotiationHistory: termsBefore.negotiationHistory.map(({ text, ...move }) => move.userId === 'alice' ? move : { ...move, text })
  }, 'the terms and the words of the other stay')

  for (const other of others) {
    const messages = await timeline(other, 'alice')
    t.same(messages.map(({ seq }) => seq), messages.map((_, n) => n + 1), 'no hole')
    for (const { senderId, text, erased } of messages) {
      if (senderId === 'alice') t.ok(text === undefined || (text === '' && erased === true))
      else t.ok(erased === undefined && (text === undefined || foreign.includes(text)))
    }
  }
  const { conversations } = (await bob.get('/conversations')).json<ConversationPage>()
  t.match(conversations, [{ otherUser: { username: 'alice', lastSeenAt: null }, seq: seqs + 1, lastMessage: { text: '', action: 'withdraw' }, otherLastReadSeq: 0 }])
  const missed: MissedPage['messages'] = []
  for (let since = cursor, more = true; more;) {
    const page = (await bob.get(`/sync?limit=100&since=${since}`)).json<MissedPage>()
    missed.push(...page.messages)
    ;({ cursor: since, more } = page)
  }
  t.strictSame(missed, await timeline(bob, 'alice'), 'a catch-up from before sees the same')
  t.match((await writer.get('/conversations/alice~bob/messages?order=asc&limit=1')).json(), { messages: [{ text: '', erased: true }] })
  t.equal((await bob.request({ url: '/api/me/export' })).statusCode, 200)
  const replayed = await alice.post('/bob', { text: own[0], clientId: `client-${own[0]!.slice(0, 18)}` }, { 'idempotency-key': 'key-0' })
  t.match([replayed.statusCode, replayed.json()], [201, { text: '', erased: true }], 'a key from before is no way back')
})

t.test('whatever call of the database fails, the erasure goes on to its end, and does nothing twice', async t => {
  const app = await testApp(t)
  let runs = 0
  let ahead = grace
  for (const kind of ['crash after', 'conflict'] as const) {
    for (let at = 0; ; at++) {
      const [alice, bob] = [signedIn(app, `alice-${runs}`), new TestUser(app, `bob-${runs}`)]
      await alice.say(bob.id, 'a secret')
      const offer = await open(alice, bob, { text: 'another secret' })
      await bob.say(alice.id, 'his words')
      await app.reports.make(bob.id, { userId: alice.id, reason: 'spam', seqs: [1] })
      await leave(alice)
      const timers = await erasureTimers(app, alice.id)
      const broken = breakCall(t, app, at, kind)
      await workOnErasure(app, alice.id, ahead, timers).catch(() => {})
      const { count } = broken
      broken.mended = true
      // Another process, when the claim of the first one has ended.
      ahead += claimTime + 1000
      await erase(app, alice.id, ahead)
      broken.remove()
      runs++
      const { messages } = (await bob.get(`/${alice.id}?order=asc`)).json<MessagePage>()
      t.match(messages, [{ text: '', erased: true }, { text: '', erased: true }, { text: 'his words' }, { tradeResponse: { action: 'withdraw' } }], `${kind} at call ${at}`)
      t.equal(messages.length, 4)
      t.match(await read(bob, offer as TradeOffer), { status: 'withdrawn' })
      if (count <= at) break
    }
  }
  t.ok(runs > 40, `${runs} runs`)
  t.notOk((await scan(app)).flatMap(textsIn).some(text => text.includes('secret')))
})

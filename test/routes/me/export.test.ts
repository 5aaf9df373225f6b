import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { Account } from '../../../schemas/account.js'
import type { ExportLine } from '../../../schemas/export.js'
import type { MessagePage } from '../../../schemas/message.js'
import { testApp, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { requestUnits } from '../../support/request-units.js'
import { open, read, respond } from '../../support/trades.js'

let app: FastifyInstance

t.before(async () => { app = await testApp(t) })

async function page (user: TestUser, token?: string | null) {
  const response = await user.request({ url: `/api/me/export${token == null ? '' : `?pageToken=${token}`}` })
  if (response.statusCode !== 200) throw new Error(response.body)
  const lines = response.body.trimEnd().split('\n').map(line => JSON.parse(line) as ExportLine)
  const last = lines.pop()
  if (last?.type !== 'page') throw new Error('a page ends with its own line')
  return { lines, nextPageToken: last.nextPageToken, type: response.headers['content-type'] }
}

/** The whole export, and of how many pages. */
async function whole (user: TestUser) {
  const pages = [await page(user)]
  for (let token = pages[0]!.nextPageToken; token !== null; token = pages.at(-1)!.nextPageToken) pages.push(await page(user, token))
  return { lines: pages.flatMap(({ lines }) => lines), pages: pages.length }
}

t.test('an account is as its token and an integration say', async t => {
  const eve = new TestUser(app, 'eve', { name: 'Eve Example' })
  const account = { userId: 'eve', username: 'Eve Example', locale: null, suspendedUntil: null, erasesAt: null }
  t.strictSame((await eve.request({ url: '/api/me' })).json<Account>(), account)
  await app.services.users.enter('eve', { name: 'Eve Example', locale: 'de-AT' })
  t.strictSame((await eve.request({ url: '/api/me' })).json<Account>(), { ...account, locale: 'de-AT' })
  refused(t, await app.inject({ url: '/api/me' }), 'token_missing')
})

t.test('the export has everything of mine as the API shows it, and nothing of others', async t => {
  const [alice, bob, carol, dave] = ['alice', 'bob', 'carol', 'dave'].map(id => new TestUser(app, id)) as [TestUser, TestUser, TestUser, TestUser]
  for (let n = 0; n < 30; n++) await (n % 3 === 0 ? bob.say('alice', `from bob ${n}`) : alice.post('/bob', { text: `from alice ${n}`, clientId: `c${n}` }))
  const offer = await open(alice, bob, { text: 'cheap' })
  await respond(bob, offer, { response: 'counter', pricePerUnit: 0.2, text: 'cheaper' })
  await respond(alice, offer, { response: 'accept', revision: 2 })
  await carol.say('alice', 'from carol')
  await carol.say('dave', 'not for alice')
  await alice.request({ method: 'PUT', url: '/api/me/blocks/mallory' })
  await app.reports.make('alice', { userId: 'carol', reason: 'spam', seqs: [1] })
  await app.reports.make('carol', { userId: 'alice', reason: 'other' })

  const { lines } = await whole(alice)
  const [profile] = lines
  t.match(profile, { type: 'profile', profile: { userId: 'alice', lastSeenAt: String } })
  t.strictSame(lines.flatMap(line => line.type === 'conversation' ? [line.conversation.conversationId] : []).sort(), ['alice~bob', 'alice~carol'])
  const messages = lines.flatMap(line => line.type === 'message' ? [line.message] : [])
  for (const other of ['bob', 'carol']) {
    const own = (await alice.get(`/${other}?order=asc&limit=100`)).json<MessagePage>().messages
    t.strictSame(messages.filter(({ senderId, receiverId }) => [senderId, receiverId].includes(other)), own)
  }
  t.equal(messages.length, 34)
  t.strictSame(lines.flatMap(line => line.type === 'offer' ? [line.offer] : []), [await read(alice, offer)])
  t.match(lines.slice(-2), [{ type: 'block', block: { userId: 'mallory' } }, { type: 'report', report: { userId: 'carol', reason: 'spam' } }])
  t.equal(lines.filter(({ type }) => type === 'report').length, 1)
  t.notMatch(JSON.stringify((await whole(bob)).lines), /"clientId"/, 'names that others\' clients gave are theirs')
  t.notMatch(JSON.stringify(lines), /not for alice/)
  t.strictSame((await whole(dave)).lines.map(({ type }) => type), ['profile', 'conversation', 'message'])
})

t.test('pages are bounded, follow each other without a hole, and are for their user only', async t => {
  const [frank, grace] = [new TestUser(app, 'frank'), new TestUser(app, 'grace')]
  const text = 'x'.repeat(3900)
  for (let n = 0; n < 80; n++) await frank.say('grace', `${n} ${text}`)
  for (let n = 0; n < 27; n++) await frank.say(`friend-${n}`, `hello ${n}`)
  const { lines, pages } = await whole(frank)
  t.ok(pages >= 3, `${pages} pages`)
  const said = lines.flatMap(line => line.type === 'message' ? [`${line.message.receiverId} ${line.message.seq}`] : [])
  t.equal(said.length, 107)
  t.equal(new Set(said).size, 107)
  t.equal(lines.filter(({ type }) => type === 'conversation').length, 28)
  const { nextPageToken } = await page(frank)
  refused(t, await grace.request({ url: `/api/me/export?pageToken=${nextPageToken}` }), 'invalid_page_token')
  refused(t, await frank.request({ url: '/api/me/export?pageToken=a.b' }), 'invalid_page_token')
})

t.test('a page of 256 KB costs at most 110 RCU', async t => {
  const frank = new TestUser(app, 'frank')
  // It comes with a new token.
  await page(frank)
  const measure = requestUnits(app)
  for (let token: string | null | undefined; token !== null;) {
    let bytes = 0
    const { read, write } = await measure(async () => {
      const { lines, nextPageToken } = await page(frank, token)
      bytes = JSON.stringify(lines).length
      token = nextPageToken
    })
    t.comment(`${bytes} bytes: ${read} RCU`)
    t.ok(read <= 110 && write === 0, `${read} RCU, ${write} WCU`)
    t.ok(bytes < 300_000, `${bytes} bytes`)
  }
})

import t from 'tap'
import type { MissedPage } from '../../schemas/sync.js'
import { refused } from '../support/problem.js'
import { testApp, TestUser } from '../support/helper.js'

t.test('without a cursor it returns that of now, and with it what came later', async t => {
  const app = await testApp(t)
  const [ann, bob] = [new TestUser(app, 'ann'), new TestUser(app, 'bob')]
  await bob.say('ann', 'before')
  const now = (await ann.get('/sync')).json<MissedPage>()
  t.same(now, { messages: [], offers: [], cursor: now.cursor, more: false })
  const sent = []
  for (const text of ['one', 'two', 'three']) sent.push((await bob.say('ann', text)).json())
  sent.push((await ann.say('bob', 'mine')).json())
  const page = (await ann.get(`/sync?limit=3&since=${now.cursor}`)).json<MissedPage>()
  t.same(page, { messages: sent.slice(0, 3), offers: [], cursor: page.cursor, more: true })
  const last = (await ann.get(`/sync?since=${page.cursor}`)).json<MissedPage>()
  t.same(last, { messages: sent.slice(3), offers: [], cursor: last.cursor, more: false })
  t.match((await ann.get(`/sync?since=${last.cursor}`)).json(), { messages: [], more: false })
  t.match((await bob.get(`/sync?limit=100&since=${(await bob.get('/sync')).json<MissedPage>().cursor}`)).json(), { messages: [], more: false })
})

t.test('a page that is just full says that there is no more', async t => {
  const app = await testApp(t)
  const ann = new TestUser(app, 'ann')
  const { cursor } = (await ann.get('/sync')).json<MissedPage>()
  for (const id of ['bob', 'cy']) for (const text of ['one', 'two']) await new TestUser(app, id).say('ann', text)
  const page = (await ann.get(`/sync?limit=4&since=${cursor}`)).json<MissedPage>()
  t.equal(page.messages.length, 4)
  t.equal(page.more, false)
})

t.test('a cursor that was forged, altered or issued to somebody else is refused', async t => {
  const app = await testApp(t)
  const [ann, bob] = [new TestUser(app, 'ann'), new TestUser(app, 'bob')]
  const { cursor } = (await ann.get('/sync')).json<MissedPage>()
  const [payload = '', signature] = cursor.split('.')
  const later = Buffer.from(JSON.stringify({ at: 0, seen: {} })).toString('base64url')
  const otherSecret = (await new TestUser(await testApp(t, { env: { CURSOR_SECRET: 'another secret that is long enough to be one' } }), 'ann').get('/sync'))
    .json<MissedPage>().cursor
  await bob.say('ann', 'hello')
  const pageToken = app.services.cursors.issue('bob', { at: 0, seen: {} })
  for (const since of ['x', '.', payload, `${later}.${signature}`, `${cursor}x`, `${payload}.`, `.${signature}`, otherSecret, pageToken, `${cursor}.${signature}`]) {
    refused(t, await ann.get(`/sync?since=${since}`), 'invalid_cursor', since)
  }
  refused(t, await bob.get(`/sync?since=${cursor}`), 'invalid_cursor', 'of another user')
  t.equal((await ann.get(`/sync?since=${cursor}`)).statusCode, 200)
})

t.test('a query that makes no sense is refused, and so is a caller without a token', async t => {
  const app = await testApp(t)
  const ann = new TestUser(app, 'ann')
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'since=', 'sins=x', `since=${'x'.repeat(8193)}`]) {
    refused(t, await ann.get(`/sync?${query}`), 'validation_failed', query.slice(0, 20))
  }
  refused(t, await app.inject('/api/messages/sync'), 'token_missing')
})

import t, { type Test } from 'tap'
import type { MessagePage } from '../../schemas/message.js'
import type { Report } from '../../schemas/report.js'
import type { ReportItem } from '../../src/database/entities/report.js'
import { testApp, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { refused } from '../support/problem.js'
import { requestUnits } from '../support/request-units.js'
import { day, open, patiently, respond } from '../support/trades.js'
import { shiftClock, subscribe } from '../support/webhooks.js'

t.test('reports', async t => {
  const app = await testApp(t)
  const setAhead = shiftClock(t, app)
  const measure = requestUnits(app)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const report = async (user: TestUser, payload: object, headers: Record<string, string> = {}) =>
    await user.request({ method: 'POST', url: '/api/me/reports', payload, headers })
  const stored = async (reporterId: string, reportId: string) => await app.entities.direct.report.get({ reporterId, reportId }, { consistent: true }) as ReportItem
  const made = async (t: Test, user: TestUser, payload: object, headers = {}) => {
    const response = await report(user, payload, headers)
    t.equal(response.statusCode, 201, response.body)
    return response.json<Report>()
  }

  for (const text of ['one', 'two', 'three']) await bob.say('alice', text)
  await alice.post('/bob', { text: 'mine', clientId: 'seen-by-alice-only' })
  const offer = await open(bob, alice, { text: 'pay in advance' })
  await respond(alice, offer, { response: 'counter', pricePerUnit: 0.2 })

  t.test('a report keeps copies of the messages that it names, in their order', async t => {
    const shown = await made(t, alice, { userId: 'bob', reason: 'fraud', seqs: [6, 5, 2, 4], note: 'Asks for money in advance' })
    t.match(shown, { reportId: /^[0-9a-f]{32}$/, userId: 'bob', reason: 'fraud', seqs: [2, 4, 5, 6] })
    const item = await stored('alice', shown.reportId)
    const { messages } = (await bob.get('/alice?order=asc')).json<MessagePage>()
    t.strictSame(item.messages, messages.filter(({ seq }) => shown.seqs.includes(seq)), 'as the other one sees them: with terms, without the name that a client gave')
    t.match(item, { note: 'Asks for money in advance', userId: 'bob', createdAt: Date.parse(shown.createdAt) })
    t.ok(Math.abs(item.ttl * 1000 - item.createdAt - 180 * day) <= 1000, 'for 180 days')
  })

  t.test('whoever was never written to can be reported as well, without messages', async t => {
    const shown = await made(t, alice, { userId: 'nobody-knows', reason: 'abuse' })
    t.strictSame(shown.seqs, [])
    t.strictSame((await stored('alice', shown.reportId)).messages, [])
  })

  t.test('what can\'t be reported is refused, and counts for nothing', async t => {
    for (const [payload, code] of [
      [{ userId: 'alice', reason: 'spam' }, 'self_conversation'],
      [{ userId: 'users', reason: 'spam' }, 'reserved_user_id'],
      [{ userId: 'bob', reason: 'spam', seqs: [2, 7] }, 'seq_out_of_range'],
      [{ userId: 'carol', reason: 'spam', seqs: [1] }, 'conversation_not_found'],
      [{ userId: 'bob', reason: 'dull' }, 'validation_failed'],
      [{ userId: 'bob' }, 'validation_failed'],
      [{ userId: 'bob', reason: 'spam', seqs: [] }, 'validation_failed'],
      [{ userId: 'bob', reason: 'spam', seqs: [1, 1] }, 'validation_failed'],
      [{ userId: 'bob', reason: 'spam', seqs: Array.from({ length: 21 }, (_, n) => n + 1) }, 'validation_failed'],
      [{ userId: 'bob', reason: 'spam', note: 'x'.repeat(1001) }, 'validation_failed'],
      [{ userId: 'bob', reason: 'spam', messages: [] }, 'validation_failed']
    ] as const) refused(t, await report(alice, payload), code, JSON.stringify(payload).slice(0, 80))
    const { items } = await app.entities.direct.reportCount.between({ reporterId: 'alice', day: '' }, { reporterId: 'alice', day: '~' }, { limit: 10, order: 'asc' })
    t.match(items, [{ count: 2 }])
  })

  t.test('with an Idempotency-Key one report is made, however often it is asked for at once', async t => {
    const headers = { 'idempotency-key': 'report-of-bob' }
    const payload = { userId: 'bob', reason: 'spam', seqs: [1] }
    const responses = await Promise.all(Array.from({ length: 8 }, async () => await report(bob, { ...payload, userId: 'alice' }, headers)))
    for (const response of responses) t.strictSame([response.statusCode, response.json()], [201, responses[0]!.json()])
    t.equal(responses.filter(response => response.headers['idempotent-replayed'] === undefined).length, 1)
    refused(t, await report(bob, { ...payload, userId: 'alice', reason: 'fraud' }, headers), 'idempotency_key_reused')
    t.not((await made(t, alice, payload, headers)).reportId, responses[0]!.json<Report>().reportId, 'a key is its user\'s')
  })

  t.test('twenty a day are enough: the rest waits for midnight', async t => {
    const carol = new TestUser(app, 'carol')
    const headers = { 'idempotency-key': 'first' }
    // Two days from now it is some other time of the day than around midnight, where that is now.
    const midnight = Math.ceil(Date.now() / day) * day
    setAhead(midnight + day / 2 - Date.now())
    const first = await made(t, carol, { userId: 'bob', reason: 'spam' }, headers)
    const others = await Promise.all(Array.from({ length: 22 }, async () => await patiently(async () => await report(carol, { userId: 'bob', reason: 'spam' }))))
    t.equal(others.filter(({ statusCode }) => statusCode === 201).length, 19, 'also of those that come at once')
    const refusal = await report(carol, { userId: 'bob', reason: 'spam' }, { 'accept-language': 'de' })
    t.match(refused(t, await report(carol, { userId: 'bob', reason: 'spam' }), 'rate_limited'), { detail: 'At most 20 reports a day' })
    t.equal(refusal.json<{ detail: string }>().detail, 'Höchstens 20 Meldungen am Tag')
    t.ok(Math.abs(Number(refusal.headers['retry-after']) - 12 * 60 * 60) < 600, refusal.headers['retry-after'] as string)
    t.strictSame(await made(t, carol, { userId: 'bob', reason: 'spam' }, headers), first, 'one that was made stays so')
    t.equal((await report(alice, { userId: 'bob', reason: 'spam' })).statusCode, 201, 'of others nothing is taken')
    setAhead(midnight + day - Date.now())
    await made(t, carol, { userId: 'bob', reason: 'spam' })
    setAhead(0)
  })

  t.test('what a report costs, and that it is told only where somebody wants it', async t => {
    const dave = new TestUser(app, 'dave')
    await dave.say('bob', 'hello')
    await made(t, dave, { userId: 'bob', reason: 'spam' })
    const cost = async () => await measure(async () => await made(t, dave, { userId: 'bob', reason: 'spam', seqs: [1] }))
    const alone = await cost()
    t.strictSame(alone, { read: 1, write: 5 }, 'the message; the report with its index, and the count')
    await subscribe(await TestIntegration.make(app, ['moderation']), 'https://moderators.example/', ['user.reported'])
    await subscribe(await TestIntegration.make(app, ['messages']), 'https://others.example/', ['message.created'])
    t.strictSame(await cost(), { read: 1, write: alone.write + 2 })
    refused(t, await (await TestIntegration.make(app, ['messages', 'trades', 'settlement'])).post('/webhooks', { url: 'https://others.example/', events: ['user.reported'] }), 'scope_missing')
  })
})

import t, { type Test } from 'tap'
import type { Account } from '../../../schemas/account.js'
import type { Suspension } from '../../../schemas/suspension.js'
import { listen, testApp, TestSocket, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { refused } from '../../support/problem.js'
import { requestUnits } from '../../support/request-units.js'
import { later, open, openBriefly, respond, state } from '../../support/trades.js'
import { shiftClock } from '../../support/webhooks.js'

t.test('a suspension', async t => {
  const app = await testApp(t)
  const url = await listen(app)
  const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const [setAhead, setOtherAhead] = [shiftClock(t, app), shiftClock(t, other)]
  const moderators = await TestIntegration.make(app, ['moderation'])
  const writer = await TestIntegration.make(app, ['messages'])
  const suspend = async (userId: string, until = later(3_600_000)) => {
    const response = await moderators.post(`/users/${userId}/suspend`, { until, reason: 'Three reports of fraud' })
    t.equal(response.statusCode, 200, response.body)
    return response.json<Suspension>()
  }
  const lift = async (userId: string) => {
    const response = await moderators.request({ method: 'DELETE', url: `/api/integrations/users/${userId}/suspend` })
    t.strictSame([response.statusCode, response.body], [204, ''])
  }
  /** Two who have written to each other. */
  const pair = async (name: string) => {
    const [one, two] = [new TestUser(app, name), new TestUser(app, `${name}-friend`)]
    await one.say(two.id, 'hello')
    await two.say(one.id, 'hello')
    return [one, two] as const
  }

  t.test('refuses what the user writes, opens, counters and accepts, by itself or through an integration', async t => {
    const [bob, friend] = await pair('bob')
    const offered = await open(friend, bob)
    const key = { 'idempotency-key': 'before' }
    const before = (await bob.say(friend.id, 'before it', key)).json<object>()
    const until = '2030-06-01T12:00:00.000Z'
    t.strictSame(await suspend('bob', '2030-06-01T14:00:00+02:00'), { userId: 'bob', until, reason: 'Three reports of fraud' })
    const said = refused(t, await bob.say(friend.id, 'after it'), 'suspended')
    t.match(said.detail, 'June 1, 2030 at 12:00:00')
    t.notMatch(said.detail, 'fraud', 'why is for those who moderate')
    t.match((await bob.say(friend.id, 'x', { 'accept-language': 'de' })).json(), { code: 'suspended', detail: /1\. Juni 2030/ })
    refused(t, await bob.say('a-stranger', 'first words'), 'suspended')
    refused(t, await bob.post(`/${friend.id}`, { messageType: 'tradeOffer', pricePerUnit: 1, totalAmount: 1, startTime: later(60_000) }), 'suspended')
    refused(t, await respond(bob, offered, { response: 'accept' }), 'suspended')
    refused(t, await respond(bob, offered, { response: 'counter', pricePerUnit: 0.2 }), 'suspended')
    const path = `/conversations/${[bob.id, friend.id].sort().join('~')}/messages`
    refused(t, await writer.post(path, { senderId: bob.id, text: 'for bob' }), 'suspended')
    t.equal((await writer.post(path, { senderId: friend.id, text: 'to bob' })).statusCode, 201, 'others may write to the user')
    t.strictSame((await bob.say(friend.id, 'before it', key)).json(), before, 'what was acknowledged stays so')
    refused(t, await bob.say(friend.id, 'another', key), 'idempotency_key_reused')
    refused(t, await bob.post(`/${friend.id}`, { text: '' }), 'validation_failed')
    t.equal((await state(friend, offered)).status, 'pending')
  })

  t.test('leaves the rest: reading, live events, moves that end, reports, and the account', async t => {
    const [carol, friend] = await pair('carol')
    const [first, second, own] = [await open(friend, carol), await open(friend, carol), await open(carol, friend)]
    const brief = await openBriefly(carol, friend, 1500)
    const { until } = await suspend('carol')
    const socket = await TestSocket.open(t, url, carol)
    t.equal((await friend.say(carol.id, 'are you there?')).statusCode, 201)
    await socket.next('newMessage')
    t.equal((await carol.get(`/${friend.id}`)).statusCode, 200)
    t.equal((await carol.post(`/conversations/${friend.id}/read`, { seq: 3 })).statusCode, 200)
    t.match((await respond(carol, first, { response: 'reject' })).json(), { status: 'rejected' })
    t.match((await respond(carol, own, { response: 'withdraw', text: 'I can\'t' })).json(), { status: 'withdrawn' })
    const report = await carol.request({ method: 'POST', url: '/api/me/reports', payload: { userId: friend.id, reason: 'other', seqs: [1] } })
    t.equal(report.statusCode, 201)
    t.equal((await carol.request({ url: '/api/me' })).json<Account>().suspendedUntil, until)
    t.equal((await carol.request({ url: '/api/me/export' })).statusCode, 200)
    while (Date.now() < Date.parse(brief.currentProposal.expiresAt)) await new Promise(resolve => setTimeout(resolve, 50))
    await app.services.recordExpiry(brief.messageId)
    t.equal((await state(friend, brief)).status, 'expired', 'terms run out all the same')
    refused(t, await respond(carol, second, { response: 'accept' }), 'suspended')
  })

  t.test('counts at once here, and elsewhere after 30 s at most, and so does its end', async t => {
    const [dave, friend] = await pair('dave')
    const elsewhere = new TestUser(other, 'dave')
    t.equal((await elsewhere.say(friend.id, 'hello')).statusCode, 201)
    await suspend('dave')
    refused(t, await dave.say(friend.id, 'hello'), 'suspended')
    setOtherAhead(30_000)
    refused(t, await elsewhere.say(friend.id, 'hello'), 'suspended')
    await lift('dave')
    t.equal((await dave.say(friend.id, 'hello')).statusCode, 201)
    refused(t, await elsewhere.say(friend.id, 'hello'), 'suspended', 'it is remembered for a while')
    setOtherAhead(60_000)
    t.equal((await elsewhere.say(friend.id, 'hello')).statusCode, 201)
    t.equal((await dave.request({ url: '/api/me' })).json<Account>().suspendedUntil, null)
    setOtherAhead(0)
  })

  t.test('ends by itself, and a later one takes its place', async t => {
    const [erin, friend] = await pair('erin')
    await suspend('erin', later(3_600_000))
    await suspend('erin', later(7_200_000))
    setAhead(3_600_000)
    refused(t, await erin.say(friend.id, 'hello'), 'suspended')
    setAhead(7_201_000)
    t.equal((await erin.say(friend.id, 'hello')).statusCode, 201)
    setAhead(0)
  })

  t.test('is for those who moderate, and for users who may never have come', async t => {
    const body = { until: later(60_000), reason: 'x' }
    for (const stranger of [writer, await TestIntegration.make(app, ['trades', 'settlement'])]) {
      refused(t, await stranger.post('/users/frank/suspend', body), 'scope_missing')
      refused(t, await stranger.request({ method: 'DELETE', url: '/api/integrations/users/frank/suspend' }), 'scope_missing')
    }
    await suspend('frank')
    refused(t, await new TestUser(app, 'frank').say('bob', 'hello'), 'suspended')
    for (const [wrong, code] of [
      [{ until: later(-1000), reason: 'x' }, 'validation_failed'], [{ until: later(60_000) }, 'validation_failed'], [{ reason: 'x' }, 'validation_failed'],
      [{ ...body, reason: '' }, 'validation_failed'], [{ ...body, until: 'soon' }, 'validation_failed'], [{ ...body, until: '2030-06-30T23:59:60Z' }, 'validation_failed'],
      [{ ...body, forever: true }, 'validation_failed']
    ] as const) refused(t, await moderators.post('/users/frank/suspend', wrong), code, JSON.stringify(wrong))
    refused(t, await moderators.post('/users/users/suspend', body), 'reserved_user_id')
    await lift('nobody-ever')
  })

  t.test('costs who writes half a read unit in 28 s, and nothing else', async (t: Test) => {
    const [grace, friend] = await pair('grace')
    const measure = requestUnits(app)
    const say = async () => await measure(async () => t.equal((await grace.say(friend.id, 'hello')).statusCode, 201))
    t.strictSame(await say(), { read: 0, write: 4 })
    setAhead(30_000)
    t.strictSame(await say(), { read: 0.5, write: 4 })
    t.strictSame(await say(), { read: 0, write: 4 })
    setAhead(0)
    t.strictSame(await measure(async () => await suspend('grace')), { read: 0, write: 1 })
    t.strictSame(await measure(async () => refused(t, await grace.say(friend.id, 'hello'), 'suspended')), { read: 0, write: 0 })
    t.strictSame(await measure(async () => await lift('grace')), { read: 0, write: 1 })
  })
})

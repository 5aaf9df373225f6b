import t from 'tap'
import type { Report } from '../../../schemas/report.js'
import { cancelled, intercept, loseAnswer } from '../../support/faults.js'
import { listen, testApp, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { Receiver } from '../../support/receiver.js'
import { areSigned, deliveriesOf, quickly, subscribe, untilDeliveries } from '../../support/webhooks.js'

t.test('a report is told to who moderates although the instance that took it died at once', async t => {
  // It tells nothing itself, as one that is killed after its answer.
  const dead = await testApp(t)
  const moderators = await TestIntegration.make(dead, ['moderation'])
  const receiver = await Receiver.open(t)
  const endpoint = await subscribe(moderators, receiver.url, ['user.reported'])
  const switchedOff = await subscribe(moderators, receiver.url, ['user.reported'])
  await moderators.request({ method: 'PATCH', url: `/api/integrations/webhooks/${switchedOff.endpointId}`, payload: { enabled: false } })
  const [alice, bob] = [new TestUser(dead, 'alice'), new TestUser(dead, 'bob')]
  await bob.post('/alice', { text: 'give me your password', clientId: 'of-bob' })
  // Conflicts, and answers that are lost after the commit.
  let count = 0
  const faults = intercept(t, dead, 'TransactWriteItems', async attempt => {
    if (count++ === 0) throw cancelled('None', 'TransactionConflict', 'None', 'None')
    return await loseAnswer(2)(attempt, count - 2)
  })
  const response = await alice.request({ method: 'POST', url: '/api/me/reports', payload: { userId: 'bob', reason: 'fraud', seqs: [1], note: 'He did it before' } })
  faults.remove()
  t.equal(response.statusCode, 201, response.body)
  t.equal(response.headers['idempotent-replayed'], undefined)
  const { reportId, createdAt } = response.json<Report>()
  const { items } = await dead.entities.direct.reportCount.between({ reporterId: 'alice', day: '' }, { reporterId: 'alice', day: '~' }, { limit: 10, order: 'asc' })
  t.match(items, [{ count: 1 }], 'it is one, however often it was tried')

  receiver.answer = (_, count) => count === 0 ? 500 : 204
  const { TABLE_NAME } = dead.config
  await listen(await testApp(t, { env: { WORKER: 'on', TABLE_NAME }, webhooks: { plan: quickly, maxAge: 15_000 } }))
  await untilDeliveries(moderators, endpoint, found => found[0]?.state === 'delivered')
  const [held] = await untilDeliveries(moderators, switchedOff, found => found[0]?.state === 'held')
  t.match(held, { type: 'user.reported', attempts: 0 }, 'for one that is switched off it is noted')
  t.equal((await deliveriesOf(moderators, endpoint)).length, 1)
  t.equal(receiver.received.length, 2)
  t.ok(areSigned(receiver.received, endpoint))
  t.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.strictSame(receiver.received[1]!.event, {
    type: 'user.reported',
    timestamp: createdAt,
    data: {
      report: {
        reportId,
        reporterId: 'alice',
        userId: 'bob',
        reason: 'fraud',
        note: 'He did it before',
        messages: [(await alice.get('/bob')).json<{ messages: object[] }>().messages[0]],
        createdAt
      }
    }
  })
})

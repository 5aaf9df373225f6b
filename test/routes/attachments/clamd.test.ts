import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import type { Message } from '../../../schemas/message.js'
import { download, find, sendFiles, untilGone, uploadTo } from '../../support/attachments.js'
import { eicar, TestClamd } from '../../support/clamd.js'
import { cancelled, intercept, loseAnswer } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { refused } from '../../support/problem.js'
import { areSigned, deliveriesOf, sendingApp, subscribe } from '../../support/webhooks.js'
import { scrape } from '../../observability/metrics/scrape.js'

/** No verdict is too late here. */
const scan = { patience: 60_000 }

const table = Buffer.from('00:00;0.25')

/** Sends files to Bob. */
async function send (user: TestUser, ids: string[], key = randomUUID()) {
  return await sendFiles(user, 'bob', ids, { headers: { 'idempotency-key': key } })
}

/** A server with a scanner that says what it is told to say. */
async function scanned (t: Test) {
  const clamd = await TestClamd.open(t)
  return { clamd, ...await sendingApp(t, { env: { ATTACHMENT_SCAN: clamd.setting }, scan }) }
}

t.test('what clamd finds infected no message gets; its bytes go, and who moderates is told once', async t => {
  const { app, clamd, integration, alice, bob, receiver } = await scanned(t)
  const endpoint = await subscribe(integration, receiver.url, ['attachment.infected'])
  const [infected, clean] = [
    await uploadTo(alice, 'bob', Buffer.from(`00:00;${eicar}`), { fileName: 'Rechnung.csv' }), await uploadTo(alice, 'bob', table)
  ]
  refused(t, await send(alice, [clean, infected]), 'attachment_unavailable')
  refused(t, await send(alice, [infected]), 'attachment_unavailable', 'again')
  t.equal(clamd.scanned.length, 2, 'it is not asked again')
  refused(t, await find(alice, infected), 'attachment_unavailable')
  refused(t, await find(bob, infected), 'attachment_not_found')
  t.strictSame((await bob.get('/alice')).json<{ messages: Message[] }>().messages, [], 'nothing was sent')

  const sent = await send(alice, [clean])
  t.equal(sent.statusCode, 201, 'what was to go with it still can')
  t.equal(clamd.scanned.length, 2, 'and is known to be clean')
  t.strictSame(await download(bob, clean), table)

  await untilGone(app, infected)
  await receiver.until(received => received.length === 1)
  const item = await app.entities.direct.attachment.get({ attachmentId: infected }, { consistent: true })
  const { event } = receiver.received[0]!
  t.strictSame(event, {
    type: 'attachment.infected',
    timestamp: event.timestamp,
    data: {
      attachment: {
        attachmentId: infected,
        senderId: 'alice',
        receiverId: 'bob',
        conversationId: 'alice~bob',
        fileName: 'Rechnung.csv',
        mediaType: 'text/csv',
        size: item!.size,
        sha256: item!.sha256,
        createdAt: new Date(item!.createdAt).toISOString()
      }
    }
  })
  t.ok(areSigned(receiver.received, endpoint))
  t.equal((await deliveriesOf(integration, endpoint)).length, 1)
  const { value } = await scrape(app)
  for (const [outcome, count] of Object.entries({ infected: 1, clean: 2, awaited: 0, failed: 0 })) {
    t.equal(value('equilux_attachment_verdicts_total', { outcome }), count, outcome)
  }
  t.equal(value('equilux_attachments_refused_total', { reason: 'attachment_unavailable' }), 3)
  t.equal(value('equilux_attachments_announced_total'), 2)
  t.equal(value('equilux_attachments_announced_bytes_total'), 74 + 10)
  t.equal(value('equilux_attachments_bound_total'), 1)
  t.equal(value('equilux_storage_calls_total', { operation: 'open', outcome: 'ok' }), 2)
})

t.test('while clamd can\'t say anything nothing is sent and nothing is lost', async t => {
  const { clamd, alice, bob } = await scanned(t)
  const [attachmentId, key] = [await uploadTo(alice, 'bob', table), randomUUID()]
  const faults = {
    'it is away': async () => await clamd.stop(),
    'it breaks off': async () => { await clamd.start(); clamd.behaviour = 'reset' },
    'it takes fewer bytes': async () => { clamd.behaviour = 'judge'; clamd.maxLength = 5 }
  }
  for (const [name, begin] of Object.entries(faults)) {
    await begin()
    const response = await send(alice, [attachmentId], key)
    refused(t, response, 'storage_unavailable', name)
    t.equal(response.headers['retry-after'], '1', name)
  }
  t.equal((await alice.say('bob', 'a text')).statusCode, 201, 'texts go on')
  clamd.maxLength = Infinity
  t.match((await send(alice, [attachmentId], key)).json(), { seq: 2, attachments: [{ attachmentId }] })
  await clamd.stop()
  const replayed = await send(alice, [attachmentId], key)
  t.equal(replayed.headers['idempotent-replayed'], 'true', 'what was sent stays sent, whoever is away')
  t.match((await bob.get('/alice')).json(), { messages: [{ seq: 2 }, { seq: 1 }] })
})

t.test('what takes clamd long is asked for again, and scanned once', async t => {
  const clamd = await TestClamd.open(t)
  let answer = () => {}
  clamd.ready = new Promise<void>(resolve => { answer = resolve })
  const app = await testApp(t, { env: { ATTACHMENT_SCAN: clamd.setting }, scan: { patience: 50 } })
  const alice = new TestUser(app, 'alice')
  const [attachmentId, key] = [await uploadTo(alice, 'bob', table), randomUUID()]
  const response = await send(alice, [attachmentId], key)
  refused(t, response, 'attachment_scanning')
  t.equal(response.headers['retry-after'], '2')
  answer()
  let { statusCode } = await send(alice, [attachmentId], key)
  while (statusCode === 409) ({ statusCode } = await send(alice, [attachmentId], key))
  t.equal(statusCode, 201)
  t.equal(clamd.scanned.length, 1)
})

t.test('who moderates is told although the instance that found it died at once, and its bytes go', async t => {
  const clamd = await TestClamd.open(t)
  // It does nothing later, as one that is killed after its answer.
  const dead = await testApp(t, { env: { ATTACHMENT_SCAN: clamd.setting }, scan })
  const { DATA_DIR, TABLE_NAME } = dead.config
  const moderators = await TestIntegration.make(dead, ['moderation'])
  const { app, receiver } = await sendingApp(t, { env: { DATA_DIR, TABLE_NAME } })
  await subscribe(moderators, receiver.url, ['attachment.infected'])
  const alice = new TestUser(dead, 'alice')
  const attachmentId = await uploadTo(alice, 'bob', Buffer.from(eicar))
  // Conflicts, and answers that are lost after the commit.
  const faults = intercept(t, dead, 'TransactWriteItems', async (attempt, count) => {
    if (count === 0) throw cancelled('TransactionConflict', 'None', 'None')
    return await loseAnswer(2)(attempt, count - 1)
  })
  refused(t, await send(alice, [attachmentId]), 'attachment_unavailable')
  faults.remove()
  await receiver.until(received => received.length > 0)
  await untilGone(app, attachmentId)
  t.match(receiver.received.map(({ event }) => event), [{ data: { attachment: { attachmentId } } }])
})

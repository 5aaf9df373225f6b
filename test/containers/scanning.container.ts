import { randomUUID } from 'node:crypto'
import t from 'tap'
import { download, sendFiles, untilGone, uploadTo } from '../support/attachments.js'
import { eicar } from '../support/clamd.js'
import { refused } from '../support/problem.js'
import { sendingApp, subscribe } from '../support/webhooks.js'
import { startClamd } from './clamd.js'

t.test('a real clamd catches what a scanner has to catch, lets others pass, and is waited for while it is away', async t => {
  const clamd = await startClamd(t)
  const { app, integration, alice, bob, receiver } = await sendingApp(t, { env: { ATTACHMENT_SCAN: clamd.setting }, scan: { patience: 60_000 } })
  await subscribe(integration, receiver.url, ['attachment.infected'])
  const send = async (attachmentId: string, key = randomUUID()) =>
    await sendFiles(alice, 'bob', [attachmentId], { headers: { 'idempotency-key': key } })

  const table = Buffer.from('INTERVAL;ENERGY(kWh)\n00:00;0.25\n'.repeat(1000))
  const clean = await uploadTo(alice, 'bob', table)
  t.equal((await send(clean)).statusCode, 201)
  t.strictSame(await download(bob, clean), table)

  const infected = await uploadTo(alice, 'bob', Buffer.from(eicar))
  refused(t, await send(infected), 'attachment_unavailable')
  refused(t, await send(infected), 'attachment_unavailable', 'again')
  await receiver.until(received => received.length === 1)
  t.match(receiver.received[0]!.event, { type: 'attachment.infected', data: { attachment: { attachmentId: infected, senderId: 'alice', receiverId: 'bob' } } })
  await untilGone(app, infected)

  const large = await uploadTo(alice, 'bob', Buffer.from('kWh;'.repeat(600_000)))
  refused(t, await send(large), 'storage_unavailable', 'more than it takes')

  await clamd.stop()
  const [next, key] = [await uploadTo(alice, 'bob', table), randomUUID()]
  refused(t, await send(next, key), 'storage_unavailable')
  t.match((await bob.get('/alice')).json(), { messages: [{ seq: 1 }] }, 'nothing was sent')
  await clamd.start()
  let answer = await send(next, key)
  while (answer.statusCode === 503) answer = await send(next, key)
  t.match(answer.json(), { seq: 2, attachments: [{ attachmentId: next }] })
})

import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { webhookEventSchemas, type WebhookEvent } from '../../schemas/webhook-event.js'
import type { OpenApiDocument } from '../../src/documents/openapi/document.js'
import { Contract } from '../contract/document.js'
import { sendFiles, uploadTo } from '../support/attachments.js'
import { eicar, TestClamd } from '../support/clamd.js'
import { testApp } from '../support/helper.js'
import { Receiver } from '../support/receiver.js'
import { day, later, open, openBriefly, respond } from '../support/trades.js'
import { sendingApp, shiftClock, subscribe } from '../support/webhooks.js'

interface Webhook {
  post: { operationId: string, requestBody: { content: Record<string, { schema: { $ref: string }, examples: Record<string, { $ref: string }> }> }, parameters: Array<{ name: string }> }
}

/** What the document says of events, by type. */
function documented (app: FastifyInstance) {
  const contract = new Contract(JSON.parse(JSON.stringify(app.swagger())) as OpenApiDocument)
  return { contract, webhooks: contract.document.webhooks as Record<string, Webhook> }
}

/** What is wrong with an event by the document. */
function violations ({ contract, webhooks }: ReturnType<typeof documented>, event: WebhookEvent) {
  const validate = contract.validator(webhooks[event.type]!.post.requestBody.content['application/json']!.schema)
  return validate(event) ? [] : validate.errors
}

t.test('every type of event is in the document, with an example that is one', async t => {
  const known = documented(await testApp(t))
  t.strictSame(Object.keys(known.webhooks), Object.keys(webhookEventSchemas))
  for (const [type, { post: { requestBody, parameters } }] of Object.entries(known.webhooks)) {
    const { examples } = requestBody.content['application/json']!
    t.strictSame(parameters.map(({ name }) => name), ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
    for (const reference of Object.values(examples)) {
      const { value } = known.contract.resolve<{ value: WebhookEvent }>(reference as never)
      t.equal(value.type, type)
      t.strictSame(violations(known, value), [], type)
    }
  }
})

t.test('what is sent of every type is as the document says, and below 20 KB but for a report of several messages', async t => {
  const clamd = await TestClamd.open(t)
  const { app, integration, alice, bob, receiver } = await sendingApp(t, { env: { ATTACHMENT_SCAN: clamd.setting } })
  const setAhead = shiftClock(t, app)
  const known = documented(app)
  await subscribe(integration, receiver.url)
  const gone = await Receiver.open(t)
  gone.answer = () => 410
  await subscribe(integration, gone.url, ['trade.rejected'])
  // As much as a request can hold.
  const longest = ['\u0001'.repeat(2600), '🌞'.repeat(4000), 'ß"\\'.repeat(1333), '\u2028'.repeat(4000)]
  for (const text of longest) t.equal((await alice.say('bob', text)).statusCode, 201)
  const offer = await open(alice, bob, { text: '🌞'.repeat(3900), endTime: later(2 * day) })
  await respond(bob, offer, { response: 'counter', pricePerUnit: 0.2, text: '🌞'.repeat(3900) })
  await respond(alice, offer, { response: 'accept', revision: 2, text: '🌞'.repeat(3900) })
  const report = { userId: 'alice', reason: 'abuse', seqs: [1, 2, 3, 4, 5, 6, 7], note: '🌞'.repeat(1000) }
  t.equal((await bob.request({ method: 'POST', url: '/api/me/reports', payload: report })).statusCode, 201)
  const infected = await uploadTo(alice, 'bob', Buffer.from(eicar))
  while ((await sendFiles(alice, 'bob', [infected])).statusCode !== 410);
  await respond(bob, await open(alice, bob), { response: 'reject' })
  await respond(alice, await open(alice, bob), { response: 'withdraw' })
  await openBriefly(alice, bob)
  await open(alice, bob, { expiresAt: new Date(Date.now() + day + 3000).toISOString(), startTime: later(3 * day) })
  await integration.request({ method: 'POST', url: `/api/integrations/webhooks/${(await subscribe(integration, receiver.url, ['endpoint.disabled'])).endpointId}/test` })
  setAhead(4000)
  await receiver.until(received => new Set(received.map(({ event }) => event.type)).size === Object.keys(webhookEventSchemas).length)
  for (const { event, body } of receiver.received) {
    t.strictSame(violations(known, event), [], event.type)
    t.ok(Buffer.byteLength(body) < (event.type === 'user.reported' ? report.seqs.length : 1) * 20_000, `${event.type}: ${Buffer.byteLength(body)} bytes`)
  }
  const [reported] = receiver.received.flatMap(({ event }) => event.type === 'user.reported' ? event.data.report : [])
  t.match(reported, { reporterId: 'bob', userId: 'alice', note: report.note })
  t.strictSame(reported!.messages.slice(0, 4).map(({ text }) => text), longest, 'copies are whole')
  const said = receiver.received.flatMap(({ event }) => event.type === 'message.created' ? event.data.message.text : [])
  t.ok(longest.every(text => said.includes(text)), 'texts arrive whole')
})

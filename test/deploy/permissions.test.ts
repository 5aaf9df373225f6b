import { randomUUID } from 'node:crypto'
import type { TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { tableExists } from '../../src/database/table.js'
import { settled } from '../support/analytics.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { open, openBriefly, respond, terms } from '../support/trades.js'
import { evaluate, readTemplate } from './template.js'

/** IAM actions by what they are allowed on: the table, or one of its indexes. */
type Permissions = Record<string, string[]>

const transactionActions = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem' }

/** What transactions may consist of, though the server may not have asked for it yet. */
const ofTransactions: Permissions = { 'dynamodb:ConditionCheckItem': ['table'] }

/** Notes which actions an app needs on what, from now on. */
function recordPermissions (app: FastifyInstance): () => Permissions {
  const needed = new Map<string, Set<string>>()
  const note = (action: string, index?: string) => {
    const resource = index === undefined ? 'table' : `index/${index}`
    const name = `dynamodb:${action}`
    needed.set(name, (needed.get(name) ?? new Set()).add(resource))
  }
  app.dynamodb.aroundCalls(async (call, next) => {
    const { operation, input } = call
    if (operation === 'TransactWriteItems') {
      for (const item of (input as unknown as TransactWriteItemsCommandInput).TransactItems ?? []) {
        for (const kind of Object.keys(item)) note(transactionActions[kind as keyof typeof transactionActions])
      }
    } else {
      note(operation, (input as { IndexName?: string }).IndexName)
    }
    return await next(call)
  })
  return () => sorted([...needed].map(([action, resources]) => [action, [...resources]]))
}

function sorted (permissions: Array<[string, string[]]>): Permissions {
  return Object.fromEntries(permissions.map(([action, resources]) => [action, resources.sort()] as const).sort(([one], [other]) => one < other ? -1 : 1))
}

/** What the template's policy allows. */
function allowedPermissions (): Permissions {
  const { AccessPolicy } = evaluate(readTemplate('table')).Resources
  const { Statement } = AccessPolicy!.Properties.PolicyDocument as { Statement: Array<{ Effect: string, Action: string | string[], Resource: string | string[] }> }
  return sorted(Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action, Resource }) =>
    [Action].flat().map((action): [string, string[]] => [action, [Resource].flat().map(resource => resource === '<Table.Arn>' ? 'table' : resource.replace('<Table.Arn>/', ''))])))
}

t.test('the policy allows what the server asks of its table and what its transactions may consist of, and nothing else', async t => {
  const app = await testApp(t, { env: { WORKER: 'on', ANALYTICS: 'on' } })
  const url = await listen(app)
  const needed = recordPermissions(app)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const expectStatus = async (status: number, response: ReturnType<TestUser['get']>) => {
    const { statusCode, body } = await response
    t.equal(statusCode, status, body.slice(0, 200))
  }

  t.equal(await tableExists(app.dynamodb.sdk, app.config.TABLE_NAME), true, 'what the server asks at the start')
  await expectStatus(200, alice.request({ method: 'GET', url: '/ready' }))
  const socket = await TestSocket.open(t, url, bob)
  for (const key of [{}, { 'idempotency-key': randomUUID() }] as Array<Record<string, string>>) {
    for (const _ of [1, 2]) await expectStatus(201, alice.say('bob', 'hello', key))
  }
  await expectStatus(200, bob.post('/conversations/alice/read', { seq: 3 }))
  await expectStatus(200, bob.post('/conversations/alice/read', { seq: 1 }))
  for (const response of ['accept', 'reject', 'withdraw', 'counter']) {
    const offer = await open(alice, bob)
    const body = response === 'counter' ? { response, ...terms() } : { response }
    await expectStatus(200, respond(response === 'withdraw' ? alice : bob, offer, body))
    await expectStatus(response === 'counter' ? 403 : 409, respond(bob, offer, { response: 'accept', revision: response === 'counter' ? 2 : 1 }))
    await expectStatus(200, alice.get(`/trades/${offer.messageId}`))
  }
  for (const path of ['/bob', '/bob?order=asc', '/conversations', '/users', '/users?q=b', '/trades', '/trades?role=receiver&awaiting=me', '/sync']) {
    await expectStatus(200, alice.get(path))
  }
  const { cursor } = (await bob.get('/sync')).json<{ cursor: string }>()
  await alice.say('bob', 'once more')
  await expectStatus(200, bob.get(`/sync?since=${cursor}`))
  socket.send({ type: 'resume', data: { since: cursor } })
  await socket.next('resumed')
  await openBriefly(alice, bob)
  while ((await socket.next('tradeResponse')).data.message.tradeResponse.action !== 'expire');
  for (const path of ['/me', '/me/counterparties', '/market']) await expectStatus(200, alice.request({ method: 'GET', url: `/api/analytics${path}` }))
  await settled(app)
  socket.socket.close()
  await socket.closed
  const machine = await TestIntegration.make(app, ['messages', 'trades'])
  await expectStatus(200, machine.get('/me'))
  await expectStatus(200, machine.put('/users/bob', { name: 'Bob' }))
  await expectStatus(201, machine.post('/conversations/alice~bob/messages', { senderId: 'alice', text: 'hello' }))
  await expectStatus(200, machine.get('/conversations/alice~bob/messages'))
  await app.close()

  t.strictSame(sorted(Object.entries({ ...ofTransactions, ...needed() })), allowedPermissions())
})

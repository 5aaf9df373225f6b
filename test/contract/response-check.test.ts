import fastify from 'fastify'
import t, { type Test } from 'tap'
import type { OpenApiDocument } from '../../src/documents/openapi/document.js'
import { problemResponses } from '../../schemas/problem.js'
import { ProblemError } from '../../src/wire/problem-error.js'
import { testApp, TestUser } from '../support/helper.js'
import { Contract } from './document.js'
import { responseCheck } from './response-check.js'

/** What is noted of an app's answers to a request, when its users are listed by another rule than its own. */
async function noted (t: Test, list: () => unknown, url = '/api/messages/users') {
  const violations: string[] = []
  const app = await testApp(t, { violations })
  app.services.users.list = async () => await list() as never
  await new TestUser(app, 'alice').request({ url })
  return violations.splice(0)
}

t.test('answers that the document knows are in order', async t => {
  const page = { users: [{ userId: 'bob', username: 'Bob', online: true, lastSeenAt: null }], nextPageToken: null }
  t.same(await noted(t, () => page), [])
  t.same(await noted(t, () => page, '/api/messages/users?limit=0'), [])
  t.same(await noted(t, () => page, '/nowhere'), [])
})

t.test('answers that it doesn\'t know are noted', async t => {
  t.same(await noted(t, () => ({ users: [], nextPageToken: 'x', users2: 1 })), [], 'what the schema doesn\'t name isn\'t sent')
  t.same(await noted(t, () => ({ users: [{ userId: '#', username: 'Bob', online: true, lastSeenAt: 'never' }], nextPageToken: null })), [
    'GET /api/messages/users: the body/users/0/userId must match pattern "^[A-Za-z0-9@:|+=_-][A-Za-z0-9@.:|+=_-]*$"',
    'GET /api/messages/users: the body/users/0/lastSeenAt must match format "date-time"'
  ])
  t.same(await noted(t, () => { throw new ProblemError('trade_closed') }), ['GET /api/messages/users: the status 409 is not documented'])
  t.same(await noted(t, () => { throw new ProblemError('conversation_busy') }), [
    'GET /api/messages/users: the problem conversation_busy is not documented for its status'
  ])
  t.same(await noted(t, () => { throw new ProblemError('rate_limited', undefined, { headers: { 'retry-after': 'soon' } }) }), [
    'GET /api/messages/users: the header Retry-After is soon'
  ])
})

t.test('so are routes, types and headers that it lacks', async t => {
  const contract = new Contract({
    paths: {}, components: { schemas: {}, headers: { Needed: { required: true, schema: { type: 'integer' } } } }
  } satisfies OpenApiDocument)
  const operation = {
    operationId: 'x', responses: { 200: { description: '', headers: { Needed: { $ref: '#/components/headers/Needed' } } }, ...problemResponses('trade_closed') }
  }
  t.same(contract.violations(operation, { status: 200, headers: {}, body: '' }), ['the header Needed is missing'])
  t.same(contract.violations(operation, { status: 200, headers: { needed: 'x' }, body: '' }), ['the header Needed is x'])
  t.same(contract.violations(operation, { status: 200, headers: { needed: '1' }, body: 'x' }), ['no body is documented'])
  t.same(contract.violations(operation, { status: 409, headers: { 'content-type': 'application/json' }, body: '{}' }), [
    'the type application/json is not documented'
  ])

  const violations: string[] = []
  const app = fastify()
  app.decorate('swagger', (() => ({ paths: {}, components: { schemas: {} } })) as never)
  await app.register(responseCheck(violations, app => new Contract(app.swagger() as unknown as OpenApiDocument)))
  app.get('/new', { schema: {} }, async () => ({}))
  await app.inject('/new')
  t.same(violations, ['GET /new: the operation is not documented'])
})

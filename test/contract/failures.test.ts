import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { problemCatalogue, type Problem, type ProblemCode } from '../../schemas/problem.js'
import type { OpenApiDocument } from '../../src/documents/openapi/document.js'
import { problemType } from '../../src/documents/openapi/document.js'
import { intercept, Line, sdkFault } from '../support/faults.js'
import { scopes } from '../../schemas/integration.js'
import { listen, testApp, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { Contract } from './document.js'

/** Problems of what is no documented operation's: of paths that aren't there, of other methods than a path's own, and of the URLs that files are uploaded to. */
const ofNoOperation: ProblemCode[] = ['attachment_digest_mismatch', 'attachment_url_invalid', 'route_not_found', 'method_not_allowed', 'attachment_uploaded']

/** Every operation is there. */
const everything = { env: { ANALYTICS: 'on' } }

const noTrade = '00000000-0000-4000-8000-000000000000'
const noEndpoint = '0'.repeat(16)
const noAttachment = '0'.repeat(32)

interface Target {
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  payload?: object
  /** What it needs to know who asks. */
  needs?: 'token' | 'key'
  /** The documented codes by status. */
  codes: Record<string, string[]>
}

const bodies: Record<string, object> = {
  sendMessage: { text: 'hello' },
  markRead: { seq: 1 },
  muteUser: {},
  respondToTrade: { response: 'accept' },
  enterUser: { name: 'Bob' },
  createEndpoint: { url: 'https://billing.example/', events: ['trade.offered'] },
  changeEndpoint: { events: ['trade.offered'] },
  replayEvents: { since: new Date().toISOString(), state: 'failed' },
  suspendUser: { until: new Date(Date.now() + 60_000).toISOString(), reason: 'Fraud' },
  reportUser: { userId: 'bob', reason: 'spam', seqs: [1] },
  makeAttachment: { to: 'bob', fileName: 'profile.csv', mediaType: 'text/csv', size: 1, sha256: `${'A'.repeat(43)}=` },
  writeMessage: { senderId: 'alice', text: 'hello' }
}

function targets (app: FastifyInstance): Target[] {
  const contract = new Contract(JSON.parse(JSON.stringify(app.swagger())) as OpenApiDocument)
  return [...contract.operations].map(([name, { operationId, security = [], responses }]) => {
    const [method, path] = name.split(' ') as [Target['method'], string]
    const codes = Object.entries(responses).map(([status, response]) =>
      [status, Object.keys(contract.resolve(response).content?.[problemType]?.examples ?? {})] as const)
    return {
      name,
      method,
      url: path.replace('{userId}', 'bob').replace('{messageId}', noTrade).replace('{conversationId}', 'alice~bob').replace('{endpointId}', noEndpoint)
        .replace('{attachmentId}', noAttachment),
      payload: bodies[operationId],
      needs: Object.keys(security.length === 1 ? security[0]! : {})[0] as Target['needs'],
      codes: Object.fromEntries(codes)
    }
  })
}

/** A stream begins without asking the database. */
function asksDatabase ({ needs, url }: Target): boolean {
  return url === '/ready' || (needs !== undefined && url !== '/api/events')
}

/** Who may ask for everything: a user, and an integration with every scope. */
async function callers (app: FastifyInstance) {
  const [user, machine] = [new TestUser(app, 'alice'), await TestIntegration.make(app, [...scopes])]
  return ({ needs }: Target) => needs === 'key' ? machine : user
}

/** Asserts that a refusal is one that its operation's document names. */
function documented (t: Test, { name, codes }: Target, { statusCode, body }: Pick<LightMyRequestResponse, 'statusCode' | 'body'>, expected: ProblemCode) {
  const { code } = JSON.parse(body) as Problem
  t.equal(code, expected, `${name}: ${expected}`)
  t.ok(codes[statusCode]?.includes(code), `${name} documents ${statusCode} ${code}`)
}

t.test('every problem of the catalogue is documented by an operation, under its own status, or is none of any', async t => {
  const found = new Map<string, string>()
  for (const { codes } of targets(await testApp(t, everything))) {
    for (const [status, names] of Object.entries(codes)) for (const code of names) found.set(code, status)
  }
  t.same(Object.keys(problemCatalogue).filter(code => !found.has(code)), ofNoOperation)
  for (const [code, status] of found) t.equal(String(problemCatalogue[code as ProblemCode].status), status, code)
})

t.test('every refusal of a key is documented by whatever needs one', async t => {
  const app = await testApp(t, everything)
  const { key } = await TestIntegration.make(app, [])
  for (const target of targets(app).filter(({ needs }) => needs === 'key')) {
    const { method, url, payload, codes } = target
    const ask = async (authorization?: string) => await app.inject({ method, url, payload, headers: authorization === undefined ? {} : { authorization } })
    documented(t, target, await ask(), 'token_missing')
    documented(t, target, await ask('Bearer x'), 'key_invalid')
    if (codes[403] !== undefined) documented(t, target, await ask(`Bearer ${key}`), 'scope_missing')
  }
})

t.test('every refusal of a token is documented by whatever needs one', async t => {
  const app = await testApp(t, everything)
  const claims = { sub: 'alice' }
  const day = 86_400
  const tokens: Array<[code: ProblemCode, authorization?: string]> = [
    ['token_missing'],
    ['token_invalid', 'Bearer x'],
    ['token_expired', `Bearer ${app.jwt.sign(claims, { expiresIn: -1 })}`],
    ['token_not_active', `Bearer ${app.jwt.sign({ ...claims, nbf: Math.floor(Date.now() / 1000) + day }, { expiresIn: 2 * day })}`]
  ]
  for (const target of targets(app).filter(({ needs }) => needs === 'token')) {
    for (const [code, authorization] of tokens) {
      const { method, url, payload } = target
      documented(t, target, await app.inject({ method, url, payload, headers: authorization === undefined ? {} : { authorization } }), code)
    }
  }
})

t.test('every refusal of a query or a body is documented', async t => {
  const app = await testApp(t, everything)
  const callerOf = await callers(app)
  for (const target of targets(app).filter(({ needs }) => needs !== undefined)) {
    const { method, url, payload } = target
    const caller = callerOf(target)
    const json = { 'content-type': 'application/json' }
    if (payload === undefined) {
      const bad = `${url.replace(noTrade, 'x').replace(noAttachment, 'x').replace(/bob$/, 'a%23b')}?unheardOf=1`
      documented(t, target, await caller.request({ method, url: bad, headers: { 'last-event-id': 'x'.repeat(9000) } }), 'validation_failed')
      continue
    }
    documented(t, target, await caller.request({ method, url, payload: { unheardOf: 1 } }), 'validation_failed')
    documented(t, target, await caller.request({ method, url, payload: '{', headers: json }), 'malformed_json')
    documented(t, target, await caller.request({ method, url, payload: 'x', headers: { 'content-type': 'text/plain' } }), 'unsupported_media_type')
    documented(t, target, await caller.request({ method, url, payload: JSON.stringify('x'.repeat(20_000)), headers: json }), 'body_too_large')
  }
})

t.test('too many requests are a documented refusal', async t => {
  const app = await testApp(t, { env: { ...everything.env, RATE_LIMIT_MAX: '1', INTEGRATION_RATE_LIMIT_MAX: '1' } })
  const callerOf = await callers(app)
  await new TestUser(app, 'alice').get('/sync')
  const guarded = targets(app).filter(({ needs }) => needs !== undefined)
  await callerOf(guarded.find(({ needs }) => needs === 'key')!).request({ url: '/api/integrations/me' })
  for (const target of guarded) {
    const { method, url, payload } = target
    documented(t, target, await callerOf(target).request({ method, url, payload }), 'rate_limited')
  }
})

t.test('a database that is away is a documented refusal', async t => {
  const line = await Line.open(t)
  const app = await testApp(t, { env: { ...everything.env, DYNAMODB: line.url } })
  const callerOf = await callers(app)
  await line.cut()
  for (const target of targets(app)) {
    const { method, url, payload } = target
    if (!asksDatabase(target)) continue
    documented(t, target, await callerOf(target).request({ method, url, payload }), 'database_unavailable')
  }
})

t.test('an unexpected fault is a documented refusal', async t => {
  const app = await testApp(t, everything)
  const callerOf = await callers(app)
  for (const command of ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'BatchGetItem', 'TransactWriteItems']) {
    intercept(t, app, command, async () => { throw sdkFault('ValidationException', 400) })
  }
  for (const target of targets(app)) {
    const { method, url, payload } = target
    if (!asksDatabase(target)) continue
    documented(t, target, await callerOf(target).request({ method, url, payload }), 'internal_error')
  }
})

t.test('a server that is closing is a documented refusal', async t => {
  const app = await testApp(t, everything)
  const all = targets(app)
  const origin = await listen(app)
  // The server waits for its WebSockets to end before it stops listening.
  const end = app.websocketServer.close.bind(app.websocketServer)
  const held = new Promise<() => void>(resolve => {
    app.websocketServer.close = done => resolve(() => end(done))
  })
  const closing = app.close()
  const proceed = await held
  for (const target of all) {
    const response = await ask(`${origin}${target.url}`, target.method)
    documented(t, target, { statusCode: response.status, body: await response.text() }, 'shutting_down')
  }
  proceed()
  await closing
})

/** Asks once more where a busy machine was so late with the request that the server, which closes, didn't wait for it. */
async function ask (url: string, method: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url, { method })
    } catch (error) {
      if (((error as Error).cause as NodeJS.ErrnoException | undefined)?.code !== 'ECONNRESET') throw error
    }
  }
}

import { once } from 'node:events'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { locales } from '../../schemas/locales.js'
import { problemCatalogue, type Problem, type ProblemCode } from '../../schemas/problem.js'
import { ProblemError } from '../../src/wire/problem-error.js'
import { readCatalogue } from '../../src/locales/catalogue.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'

const app = await testApp(t, { env: { CLIENT_URL: 'https://app.example', DEFAULT_LOCALE: 'es' } })
const alice = new TestUser(app, 'alice')
const authorization = `Bearer ${alice.token}`
const nobody = '00000000-0000-4000-8000-000000000000'

/** A request for every problem that a single one can bring about. */
const requests: Partial<Record<ProblemCode, InjectOptions>> = {
  validation_failed: { method: 'POST', url: '/api/messages/bob', payload: { text: '', color: 'red' } },
  malformed_json: { method: 'POST', url: '/api/messages/bob', payload: '{', headers: { 'content-type': 'application/json' } },
  invalid_page_token: { url: '/api/messages/users?pageToken=x' },
  invalid_cursor: { url: '/api/messages/sync?since=x' },
  self_conversation: { url: '/api/messages/conversations/alice' },
  reserved_user_id: { method: 'POST', url: '/api/messages/users', payload: { text: 'hello' } },
  token_missing: { url: '/api/messages/users', headers: { authorization: '' } },
  token_invalid: { url: '/api/messages/users', headers: { authorization: 'Bearer x' } },
  token_expired: { url: '/api/messages/users', headers: { authorization: `Bearer ${app.jwt.sign({ sub: 'alice', iat: 1, exp: 2 })}` } },
  key_invalid: { url: '/api/integrations/me', headers: { authorization: 'Bearer x' } },
  origin_not_allowed: { url: '/api/ws', headers: { origin: 'https://other.example' } },
  route_not_found: { url: '/nowhere' },
  user_not_found: { url: '/api/messages/users/nobody' },
  trade_not_found: { url: `/api/messages/trades/${nobody}` },
  conversation_not_found: { url: '/api/messages/conversations/bob' },
  method_not_allowed: { method: 'DELETE', url: '/health' },
  body_too_large: { method: 'POST', url: '/api/messages/bob', payload: { text: 'x'.repeat(20_000) } },
  unsupported_media_type: { method: 'POST', url: '/api/messages/bob', payload: 'x', headers: { 'content-type': 'text/plain' } },
  upgrade_required: { url: '/api/ws' }
}

/** Asks with the header of a language, or without. */
async function ask (options: InjectOptions, language?: string) {
  const headers = { authorization, ...language !== undefined && { 'accept-language': language }, ...options.headers }
  const response = await app.inject({ ...options, headers })
  return { problem: response.json<Problem>(), headers: response.headers }
}

for (const locale of locales) {
  t.test(`problems in ${locale} are the same ones in other words`, async t => {
    const { titles } = readCatalogue(locale)
    for (const [code, options] of Object.entries(requests)) {
      const { problem, headers } = await ask(options, `${locale}, *;q=0.1`)
      t.match(problem, { code, status: problemCatalogue[code as ProblemCode].status, title: titles[code as ProblemCode] })
      t.equal(headers['content-language'], locale)
      t.match(headers.vary, /Accept-Language/)
    }
    for (const code of Object.keys(problemCatalogue) as ProblemCode[]) {
      const { title, detail } = new ProblemError(code).toProblem(locale)
      t.equal(title, titles[code])
      t.equal(detail, title)
    }
  })
}

t.test('a violation tells programs which rule is broken and what it allows, and nothing of what was sent', async t => {
  const { problem: { errors, detail } } = await ask(requests.validation_failed!, 'de')
  t.strictSame(errors, [
    { path: '', message: 'darf keine weiteren Eigenschaften haben: color', keyword: 'additionalProperties' },
    { path: '/text', message: 'muss mindestens 1 Zeichen haben', keyword: 'minLength', params: { limit: 1 } }
  ])
  t.equal(detail, 'body darf keine weiteren Eigenschaften haben: color; body/text muss mindestens 1 Zeichen haben')
  const offer = { messageType: 'tradeOffer', pricePerUnit: 0.123456, totalAmount: 1, startTime: '2020-01-01T00:00:00Z' }
  const decimals = await ask({ method: 'POST', url: '/api/messages/bob', payload: offer }, 'fr')
  t.match(decimals.problem.errors, [{ path: '/pricePerUnit', message: 'doit avoir au plus 5 décimales', keyword: 'x-maxDecimals', params: { limit: 5 } }])
  const past = await ask({ method: 'POST', url: '/api/messages/bob', payload: { ...offer, pricePerUnit: 0.1 } }, 'hi')
  t.strictSame(past.problem.errors, [{ path: '/startTime', message: 'भविष्य में होना चाहिए', keyword: 'future' }])
})

t.test('where no language is asked for that there is, it is that of the token, then DEFAULT_LOCALE', async t => {
  const speaker = new TestUser(app, 'carol', { locale: 'fr_CA' })
  const asks = async (user: TestUser, language?: string) => {
    const response = await user.request({ url: '/api/messages/users/nobody', headers: language === undefined ? {} : { 'accept-language': language } })
    return response.headers['content-language']
  }
  t.equal(await asks(speaker), 'fr')
  t.equal(await asks(speaker, 'de-AT;q=0.5, ja'), 'de')
  for (const language of ['ja', '*', '', ';;;', 'de;q=0', 'x'.repeat(300), '\u00ff', 'de_AT', 'en;q=foo,,,']) {
    const found = await asks(alice, language)
    t.ok(found === 'es' || (found === 'en' && language.startsWith('en')), `${language} is no language here`)
  }
  t.equal(await asks(new TestUser(app, 'dan', { locale: 5 })), 'es')
})

t.test('a WebSocket is told in the language of its auth frame, of its upgrade or of its token', async t => {
  const url = await listen(app)
  const refusedIn = async (socket: TestSocket) => {
    socket.send({ type: 'read', data: { userId: 'alice', seq: 1 } } as never)
    return (await socket.next('error')).data
  }
  for (const [headers, locale, claims, title] of [
    [{}, undefined, {}, 'Una conversación necesita a otro usuario'],
    [{}, undefined, { locale: 'hi' }, 'बातचीत के लिए कोई दूसरा उपयोगकर्ता चाहिए'],
    [{ 'accept-language': 'de' }, undefined, { locale: 'hi' }, 'Zu einer Unterhaltung gehört ein anderer Benutzer'],
    [{ 'accept-language': 'de' }, 'fr-CA', {}, 'Une conversation demande un autre utilisateur'],
    [{ 'accept-language': 'de' }, 'ja', {}, 'Zu einer Unterhaltung gehört ein anderer Benutzer']
  ] as const) {
    const socket = new TestSocket(url, headers)
    const { token } = new TestUser(app, 'alice', claims)
    await once(socket.socket, 'open')
    socket.send({ type: 'auth', data: { token, ...locale !== undefined && { locale } } })
    await socket.next('connected')
    t.strictSame(await refusedIn(socket), { code: 'self_conversation', title, detail: title, retryable: false })
    socket.socket.close()
  }
})

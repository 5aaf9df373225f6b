import t from 'tap'
import { createAccount, type ExportFailure, type ExportLine } from '../../client/src/account.js'
import { createClient } from '../../client/src/index.js'
import { liveApp } from '../support/live.js'

const { url, user } = await liveApp(t)

async function linesOf (lines: AsyncIterable<ExportLine | ExportFailure>) {
  const all = []
  for await (const line of lines) all.push(line)
  return all
}

t.test('it is made of calls, or of what it takes to make them', async t => {
  const options = { baseUrl: url, token: user('ann').token }
  for (const given of [options, createClient(options)]) {
    const { data, error } = await createAccount(given).me()
    t.equal(error, undefined)
    t.match(data, { userId: 'ann', suspendedUntil: null, erasesAt: null })
  }
  t.throws(() => createAccount({ baseUrl: '', token: 'x' }), { message: /baseUrl/ })
})

t.test('all blocks are listed, however many pages they fill', async t => {
  const api = createClient({ baseUrl: url, token: user('bob').token })
  const ids = Array.from({ length: 101 }, (_, n) => `user-${String(n).padStart(3, '0')}`)
  for (const userId of ids) t.equal((await api.PUT('/api/me/blocks/{userId}', { params: { path: { userId } } })).error, undefined)
  const account = createAccount(api)
  t.same((await account.blocks()).data?.map(({ userId }) => userId), ids)
  t.match(await api.DELETE('/api/me/blocks/{userId}', { params: { path: { userId: 'user-000' } } }), { data: undefined, error: undefined, response: { status: 204 } })
  t.equal((await account.blocks()).data?.length, 100)
})

t.test('a report arrives once, though the answer to the first try is lost', async t => {
  let tries = 0
  const flaky: typeof fetch = async (...call) => {
    const response = await fetch(...call)
    if (++tries > 1) return response
    throw new TypeError('lost')
  }
  await user('eve').say('dan', 'Buy now!')
  const account = createAccount({ baseUrl: url, token: user('dan').token, fetch: flaky })
  const { data, error } = await account.report({ userId: 'eve', reason: 'spam', seqs: [1] })
  t.equal(error, undefined)
  t.match(data, { reportId: String, userId: 'eve', reason: 'spam', seqs: [1] })
  t.equal(tries, 2)
  t.match(await account.report({ userId: 'nobody', reason: 'spam', seqs: [1] }), { error: { code: 'conversation_not_found' } })
  const reports = (await linesOf(account.exportAccount())).filter(({ type }) => String(type) === 'report')
  t.ok(reports.length <= 1, 'not twice')
})

t.test('the export is everything, line by line', async t => {
  await user('fay').say('gus', 'Grüße\u2028☀\nand more')
  await user('gus').say('fay', 'Thanks')
  const lines = await linesOf(createAccount({ baseUrl: url, token: user('fay').token }).exportAccount())
  t.same(lines.map(({ type }) => type), ['profile', 'conversation', 'message', 'message'])
  t.match(lines[2], { type: 'message', message: { text: 'Grüße\u2028☀\nand more' } })
})

/** Answers in the server's place, in turn. */
function answering (...bodies: Array<string | number>): typeof fetch {
  return async () => {
    const body = bodies.shift() ?? 500
    return typeof body === 'number'
      ? new Response(null, { status: body, headers: { 'retry-after': '0' } })
      : new Response(body, { headers: { 'content-type': 'application/x-ndjson' } })
  }
}

const line = '{"type":"block","block":{}}\n'
const page = (nextPageToken: string | null) => `${JSON.stringify({ type: 'page', nextPageToken })}\n`

for (const [what, bodies, types] of [
  ['goes on from page to page, and past what passes', [line + page('next'), 503, line + line + page(null)], ['block', 'block', 'block']],
  ['says when it can\'t go on', [line + page('next'), 403], ['block', 'failed']],
  ['says when a page isn\'t whole', [line + line], ['block', 'block', 'failed']],
  ['says when a line isn\'t whole', [line + '{"type":"blo'], ['failed']]
] as const) {
  t.test(`an export ${what}`, async t => {
    const account = createAccount({ baseUrl: 'http://chat.example', token: 'x', fetch: answering(...bodies) })
    t.same((await linesOf(account.exportAccount())).map(({ type }) => type), types)
  })
}

t.test('an export that is called off ends', async t => {
  const abort = new AbortController()
  abort.abort()
  const account = createAccount({ baseUrl: url, token: user('ann').token })
  t.match(await linesOf(account.exportAccount(abort.signal)), [{ type: 'failed', error: { code: 'aborted' } }])
})

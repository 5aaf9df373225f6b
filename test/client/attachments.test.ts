import { createHash, randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { createAttachments, type Progress } from '../../client/src/attachments/index.js'
import { createClient } from '../../client/src/index.js'
import { liveApp, sleep } from '../support/live.js'
import { openWire } from './clients.js'

const { url, user } = await liveApp(t, { env: { ATTACHMENT_MAX_MIB: '2' } })

type Fetch = typeof globalThis.fetch
type Step = 'POST' | 'PUT' | 'GET' | 'bytes'

/** What a request is for. */
function stepOf (input: Parameters<Fetch>[0], { method = 'GET' }: RequestInit = {}): Step {
  return method === 'GET' && String(input).includes('/content?') ? 'bytes' : method as Step
}

/** A user's attachments, and the requests that they make. `on` does one of them in its own way, each time it comes. */
function attachmentsOf (name: string, on: Partial<Record<Step, (pass: () => Promise<Response>, time: number, ...call: Parameters<Fetch>) => Promise<Response>>> = {}, baseUrl = url) {
  const steps: Step[] = []
  const sent: Request[] = []
  const spied: Fetch = async (input, init) => {
    const step = stepOf(input, init)
    steps.push(step)
    sent.push(new Request(input, { ...init, body: null, signal: null }))
    const pass = async () => await fetch(input, init)
    return await (on[step]?.(pass, steps.filter(other => other === step).length, input, init) ?? pass())
  }
  return { ...createAttachments({ baseUrl, token: user(name).token, fetch: spied }), steps, sent }
}

const csv = (size = 100) => new Blob([Buffer.alloc(size, '2026-11-26 00:00;0.25\n')], { type: 'text/csv' })

/** Sends what was uploaded. */
async function send (from: string, to: string, attachmentId: string | undefined) {
  return (await user(from).post(`/${to}`, { attachments: [{ attachmentId }] })).statusCode
}

t.test('a file goes to the other user, byte by byte, by the calls of a client', async t => {
  const bytes = randomBytes(300_000)
  const json = Buffer.from(JSON.stringify({ load: bytes.toString('base64') }))
  const [gone, come]: [Progress[], Progress[]] = [[], []]
  const api = createClient({ baseUrl: url, token: user('ann').token })
  const { data: file, error } = await createAttachments(api).upload('bob', new File([json], 'Lastgang für Bob.json', { type: 'application/json' }), { onProgress: progress => gone.push(progress) })
  t.equal(error, undefined)
  t.same(file, {
    attachmentId: file?.attachmentId,
    fileName: 'Lastgang für Bob.json',
    mediaType: 'application/json',
    size: json.length,
    sha256: createHash('sha256').update(json).digest('base64')
  })
  t.same(gone, [{ loaded: 0, total: json.length }, { loaded: json.length, total: json.length }])
  const bob = attachmentsOf('bob')
  t.match(await bob.download(file!.attachmentId), { error: { code: 'attachment_not_found', status: 404 } }, 'it wasn\'t sent yet')
  t.equal(await send('ann', 'bob', file?.attachmentId), 201)
  const { data } = await bob.download(file!.attachmentId, { onProgress: progress => come.push(progress) })
  t.same(Buffer.from(await data!.blob.arrayBuffer()), json)
  t.equal(data?.blob.type, 'application/json')
  t.match(data?.attachment, { ...file, senderId: 'ann', receiverId: 'bob' })
  t.same([come[0], come.at(-1)], [{ loaded: 0, total: json.length }, { loaded: json.length, total: json.length }])
  t.match(await attachmentsOf('ann').get(file!.attachmentId), { data: { fileName: 'Lastgang für Bob.json' } })
  t.match(await attachmentsOf('eve').download(file!.attachmentId), { error: { code: 'attachment_not_found' } })
})

t.test('where the bytes are kept nobody learns of the token, nor hears of a length that isn\'t known', async t => {
  const lengths: Array<string | null> = []
  const ann = attachmentsOf('ann', {
    PUT: async (pass, _time, _input, init) => {
      lengths.push(new Headers(init?.headers).get('content-length'))
      return await pass()
    }
  })
  const { data: file } = await ann.upload('bob', csv())
  await send('ann', 'bob', file?.attachmentId)
  await ann.download(file!.attachmentId)
  t.same(ann.steps, ['POST', 'PUT', 'GET', 'bytes'])
  t.same(ann.sent.map(({ headers }) => headers.has('authorization')), [true, false, true, false])
  t.same(lengths, [null], 'it is the HTTP client that says it')
})

t.test('an upload whose wire is cut is taken up again, as the same attachment', async t => {
  const wire = await openWire(t, url)
  const keys = new Set<string | null>()
  const ann = attachmentsOf('ann', {
    POST: async (pass, _time, _input, init) => {
      keys.add(new Headers(init?.headers).get('idempotency-key'))
      return await pass()
    },
    PUT: async (pass, time) => {
      if (time > 1) return await pass()
      wire.die()
      const answer = pass()
      answer.catch(() => {})
      await sleep(20)
      wire.cut()
      wire.revive()
      return await answer
    }
  }, wire.url)
  const { data: file, error } = await ann.upload('bob', csv(1_000_000))
  t.equal(error, undefined)
  t.same(ann.steps, ['POST', 'PUT', 'POST', 'PUT'])
  t.equal(keys.size, 1)
  t.equal(await send('ann', 'bob', file?.attachmentId), 201)
})

t.test('an upload that got through although its answer was lost is done, and so is one of another time with its key', async t => {
  const lost = async (pass: () => Promise<Response>, time: number) => {
    const response = await pass()
    if (time === 1) throw new TypeError('lost')
    return response
  }
  const ann = attachmentsOf('ann', { POST: lost, PUT: lost })
  const progress: number[] = []
  const { data: file, error } = await ann.upload('bob', csv(), { key: 'of-the-draft', onProgress: ({ loaded }) => progress.push(loaded) })
  t.equal(error, undefined)
  t.same(ann.steps, ['POST', 'POST', 'PUT', 'POST', 'PUT'])
  t.same(progress, [0, 0, 100])
  t.same(await attachmentsOf('ann').upload('bob', csv(), { key: 'of-the-draft' }), { data: file })
  t.match(await attachmentsOf('ann').upload('bob', csv(101), { key: 'of-the-draft' }), { error: { code: 'idempotency_key_reused' } })
})

t.test('a URL that isn\'t good any more is replaced', async t => {
  const stale = async (_pass: () => Promise<Response>, time: number, input: Parameters<Fetch>[0], init?: RequestInit) =>
    await fetch(String(input).replace(/expires=\d+/, expires => time === 1 ? 'expires=1' : expires), init)
  const ann = attachmentsOf('ann', { PUT: stale, bytes: stale })
  const { data: file, error } = await ann.upload('bob', csv())
  t.equal(error, undefined)
  await send('ann', 'bob', file?.attachmentId)
  t.equal((await ann.download(file!.attachmentId)).data?.blob.size, 100)
  t.same(ann.steps, ['POST', 'PUT', 'POST', 'PUT', 'GET', 'bytes', 'GET', 'bytes'])
})

t.test('it can be called off at every step', async t => {
  const { data: file } = await attachmentsOf('ann').upload('bob', csv())
  await send('ann', 'bob', file?.attachmentId)
  const aborted = { data: undefined, error: { code: 'aborted', retryable: false } }
  for (const step of ['POST', 'PUT', 'GET', 'bytes'] as const) {
    const abort = new AbortController()
    const ann = attachmentsOf('ann', {
      [step]: async (pass: () => Promise<Response>) => {
        const answer = pass()
        abort.abort()
        return await answer
      }
    })
    const { signal } = abort
    t.match(await (step.startsWith('P') ? ann.upload('bob', csv(), { signal }) : ann.download(file!.attachmentId, { signal })), aborted, step)
    t.equal(ann.steps.at(-1), step)
  }
  const gone = attachmentsOf('ann')
  t.match(await gone.upload('bob', csv(), { signal: AbortSignal.abort() }), aborted)
  const abort = new AbortController()
  const waiting = attachmentsOf('ann', {
    PUT: async () => {
      setTimeout(() => abort.abort(), 20)
      return new Response(null, { status: 503, headers: { 'retry-after': '30' } })
    }
  })
  t.match(await waiting.upload('bob', csv(), { signal: abort.signal }), aborted, 'between two tries')
  t.equal(waiting.steps.filter(step => step === 'PUT').length, 1)
})

t.test('what the server refuses is refused at once, and in its words', async t => {
  const refused = async (to: string, file: Blob, options?: object) => {
    const ann = attachmentsOf('ann')
    const { error } = await ann.upload(to, file, options)
    t.same(ann.steps, ['POST'])
    return error?.code
  }
  t.equal(await refused('bob', csv(3_000_000)), 'attachment_too_large')
  t.equal(await refused('bob', new Blob(['<script>'], { type: 'text/html;charset=utf-8' })), 'attachment_type_not_allowed')
  t.equal(await refused('bob', new Blob(['?'])), 'attachment_type_not_allowed')
  t.equal(await refused('ann', csv()), 'self_conversation')
  t.equal(await refused('bob', new Blob([])), 'validation_failed')
  t.equal(await refused('bob', csv(), { fileName: '../x.csv' }), 'validation_failed')
})

t.test('what is said of a file goes along, in the form that the server knows', async t => {
  const { data } = await attachmentsOf('ann').upload('bob', new File(['?'], 'Za\u0308hler'), { sealed: true, width: 3, height: undefined, thumbHash: 'AAAA' })
  t.match(data, { fileName: 'Zähler', mediaType: 'application/octet-stream', sealed: true, width: 3, thumbHash: 'AAAA' })
  t.notOk('height' in data!)
  const { data: blob } = await attachmentsOf('ann').upload('bob', csv(), { mediaType: 'application/json', fileName: 'a.json' })
  t.match(blob, { fileName: 'a.json', mediaType: 'application/json' })
})

t.test('too many that wait for their message are refused, and nobody waits for it', async t => {
  const { upload } = attachmentsOf('max')
  for (let n = 0; n < 20; n++) t.equal((await upload('bob', csv(n + 1))).error, undefined)
  const max = attachmentsOf('max')
  t.match(await max.upload('bob', csv()), { error: { code: 'attachment_quota', status: 429, retryable: true } })
  t.same(max.steps, ['POST'])
})

t.test('a file that isn\'t what was sent is no file', async t => {
  const { data: file } = await attachmentsOf('ann').upload('bob', csv())
  await send('ann', 'bob', file?.attachmentId)
  for (const bytes of [Buffer.alloc(100), csv(99), csv(101), Buffer.alloc(0)]) {
    const bob = attachmentsOf('bob', { bytes: async () => new Response(bytes) })
    t.match(await bob.download(file!.attachmentId), { data: undefined, error: { code: 'attachment_mismatch', retryable: false } })
    t.same(bob.steps, ['GET', 'bytes'])
  }
})

const xml = (code: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>…</Message><RequestId>1</RequestId></Error>`

/** What S3 says, and what it is called then. */
const refusals: Array<[status: number, body: string, code: string, retryable: boolean]> = [
  [400, xml('BadDigest'), 'attachment_digest_mismatch', false],
  [400, xml('RequestTimeout'), 'storage_unavailable', true],
  [403, xml('AccessDenied'), 'attachment_url_invalid', true],
  [404, xml('NoSuchKey'), 'attachment_unavailable', false],
  [404, xml('NoSuchBucket'), 'unexpected_answer', false],
  [409, xml('ConditionalRequestConflict'), 'storage_unavailable', true],
  [500, xml('InternalError'), 'storage_unavailable', true],
  [503, xml('SlowDown'), 'storage_unavailable', true],
  [502, '<html>', 'storage_unavailable', true]
]

t.test('what S3 says in XML are errors with the server\'s codes', async t => {
  const { data: file } = await attachmentsOf('ann').upload('bob', csv())
  await send('ann', 'bob', file?.attachmentId)
  for (const [status, body, code, retryable] of refusals) {
    // Asked to wait for longer, the client tells at once.
    const answer = async () => new Response(body, { status, headers: { 'content-type': 'application/xml', 'retry-after': '100' } })
    const ann = attachmentsOf('ann', { PUT: answer, bytes: answer })
    t.match(await ann.upload('bob', csv(), { key: 'xml' }), { data: undefined, error: { code, status, retryable, retryAfter: 100_000 } }, code)
    t.match(await ann.download(file!.attachmentId), { data: undefined, error: { code, status, retryable } }, code)
  }
})

t.test('what passes too late for somebody who waits is told at once', async t => {
  const problem = (status: number, code: string) => async () =>
    new Response(JSON.stringify({ type: `urn:equilux:problem:${code}`, title: code, status, code }), { status, headers: { 'retry-after': '0' } })
  const ann = attachmentsOf('ann', { POST: problem(429, 'attachment_quota'), GET: problem(409, 'attachment_scanning') })
  t.match(await ann.upload('bob', csv()), { error: { code: 'attachment_quota', retryable: true } })
  t.match(await ann.download('f'.repeat(32)), { error: { code: 'attachment_scanning', retryable: true, retryAfter: 0 } })
  t.same(ann.steps, ['POST', 'GET'])
})

t.test('what keeps failing is given up, with the last error', { timeout: 60_000 }, async t => {
  const ann = attachmentsOf('ann', { PUT: async () => new Response(null, { status: 503, headers: { 'retry-after': '0' } }) })
  t.match(await ann.upload('bob', csv()), { error: { code: 'storage_unavailable', retryable: true } })
  t.equal(ann.steps.length, 10)
})

t.test('a file that can\'t be read, or hashed, is an error', async t => {
  class Broken extends Blob {
    override async arrayBuffer (): Promise<ArrayBuffer> {
      throw new TypeError('It has changed')
    }
  }
  t.match(await attachmentsOf('ann').upload('bob', new Broken(['x'])), { error: { code: 'file_unreadable', retryable: false, cause: TypeError } })
  without(t, 'subtle')
  t.match(await attachmentsOf('ann').upload('bob', csv()), { error: { code: 'insecure_context', retryable: false } })
})

/** Takes something from this environment's cryptography, as pages are without it that didn't come over https. */
function without (t: Test, name: 'subtle') {
  Object.defineProperty(globalThis.crypto, name, { value: undefined, configurable: true })
  t.teardown(() => { Reflect.deleteProperty(globalThis.crypto, name) })
}

t.test('wrong options throw', async t => {
  t.throws(() => createAttachments({ baseUrl: '', token: 'x' }), { message: /baseUrl/ })
})

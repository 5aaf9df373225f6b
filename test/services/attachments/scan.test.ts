import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import pino from 'pino'
import t, { type Test } from 'tap'
import { createScan, type Scan, type ScanOptions, type VerdictOutcome } from '../../../src/services/attachments/scan.js'
import type { Verdict } from '../../../src/storage/object-store.js'
import { eicar, TestClamd } from '../../support/clamd.js'
import { until } from '../../support/live.js'

const patience = 60_000

/** A scanner of objects that are given here, and what it notes and logs. */
function scanner (t: Test, setting: string, objects: Record<string, () => Readable>, options: ScanOptions = { patience }) {
  const noted: VerdictOutcome[] = []
  const logged: Array<{ msg: string, err: { message: string } }> = []
  const ending = new AbortController()
  t.teardown(() => ending.abort())
  const opened: Readable[] = []
  const storage = {
    open: async (key: string) => {
      const bytes = objects[key]!()
      opened.push(bytes)
      return bytes
    },
    verdict: async (): Promise<Verdict | undefined> => { throw new Error('Nobody tags objects here') }
  }
  const log = pino({ level: 'warn' }, { write: line => { logged.push(JSON.parse(line) as never) } })
  const scan = createScan(setting, storage, { note: outcome => noted.push(outcome), log, ending: ending.signal }, options)
  return { scan, noted, logged, opened, end: () => ending.abort() }
}

const bytesOf = (...parts: Array<string | Uint8Array>) => () => Readable.from(parts.map(part => Buffer.from(part)))

async function unavailable (t: Test, scan: Scan, key: string) {
  await t.rejects(scan({ key }), { code: 'storage_unavailable', statusCode: 503, headers: { 'retry-after': '1' } })
}

t.test('clamd gets the bytes as they are, in whatever pieces they come, and what it says is the verdict', async t => {
  const clamd = await TestClamd.open(t)
  const large = Buffer.alloc(3_000_000, 'kWh;')
  const { scan, noted, opened } = scanner(t, clamd.setting, {
    table: bytesOf('INTERVAL;ENERGY(kWh)\n', '', '00:00;0,25\n'), eicar: bytesOf(eicar.slice(0, 30), '', eicar.slice(30)), large: bytesOf(large)
  })
  t.equal(await scan({ key: 'table' }), 'clean')
  t.equal(await scan({ key: 'eicar' }), 'infected')
  t.equal(await scan({ key: 'large' }), 'clean')
  t.strictSame(clamd.scanned.slice(0, 2), ['INTERVAL;ENERGY(kWh)\n00:00;0,25\n', eicar])
  t.ok(clamd.scanned[2] === large.toString(), 'whole')
  t.strictSame(noted, ['clean', 'infected', 'clean'])
  t.equal(await scan({ key: 'eicar' }), 'infected', 'who asks again')
  t.equal(clamd.scanned.length, 3, 'is told what was said')
  await until('connections have ended', () => clamd.connections === 0)
  t.ok(opened.every(({ destroyed }) => destroyed))
})

t.test('while there is no verdict there is none: clamd is away, breaks off, refuses or can\'t be given the bytes', async t => {
  const clamd = await TestClamd.open(t)
  const broken = () => Readable.from((async function * () {
    yield Buffer.from('the first half')
    throw new Error('the store broke off')
  })(), { objectMode: false })
  const { scan, noted, logged, opened } = scanner(t, clamd.setting, { file: bytesOf('a file'), large: bytesOf(Buffer.alloc(5_000_000)), broken })
  await clamd.stop()
  await unavailable(t, scan, 'file')
  await clamd.start()
  clamd.behaviour = 'reset'
  await unavailable(t, scan, 'file')
  clamd.behaviour = 'judge'
  clamd.maxLength = 1_000_000
  await unavailable(t, scan, 'large')
  t.match(logged.at(-1), { msg: 'clamd gives no verdict', err: { message: 'clamd says: INSTREAM size limit exceeded. ERROR' } }, 'the log says why')
  await unavailable(t, scan, 'broken')
  t.match(logged.at(-1)!.err.message, 'the store broke off')
  t.strictSame(clamd.scanned, [], 'half of it was not judged')
  t.equal(await scan({ key: 'file' }), 'clean', 'what failed is tried again')
  t.strictSame(noted, ['failed', 'failed', 'failed', 'failed', 'clean'])
  await until('connections have ended', () => clamd.connections === 0)
  t.ok(opened.every(({ destroyed }) => destroyed))
})

t.test('an answer that is none is no verdict', async t => {
  let answer = ''
  const server = createServer(socket => { socket.once('data', () => socket.end(answer)).on('error', () => {}) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { scan } = scanner(t, `clamd://127.0.0.1:${(server.address() as AddressInfo).port}`, { file: bytesOf('a file') })
  for (answer of ['', 'stream: OK', 'stream: OK\0stream: X FOUND\0', 'COMMAND READ TIMED OUT\0', 'stream: Can\'t allocate memory ERROR\0', 'OK\0']) {
    await unavailable(t, scan, 'file')
  }
})

t.test('what is said before all was heard is no verdict', async t => {
  const server = createServer(socket => { socket.once('data', () => socket.pause().end('stream: OK\0')).on('error', () => {}) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  // More than the kernel holds.
  const part = Buffer.alloc(100_000)
  const large = () => Readable.from(Array.from({ length: 500 }, () => part))
  const { scan, opened } = scanner(t, `clamd://127.0.0.1:${(server.address() as AddressInfo).port}`, { large })
  for (let n = 0; n < 10; n++) await unavailable(t, scan, 'large')
  t.ok(opened.every(({ destroyed }) => destroyed))
})

t.test('a request waits so long and no longer; clamd goes on, and who asks again finds what it says', async t => {
  const clamd = await TestClamd.open(t)
  let answer = () => {}
  clamd.ready = new Promise<void>(resolve => { answer = resolve })
  const { scan, noted } = scanner(t, clamd.setting, { file: bytesOf(eicar) }, { patience: 50 })
  t.equal(await scan({ key: 'file' }), undefined)
  t.equal(await scan({ key: 'file' }), undefined)
  answer()
  let verdict: Verdict | undefined
  while (verdict === undefined) verdict = await scan({ key: 'file' })
  t.equal(verdict, 'infected')
  t.equal(clamd.scanned.length, 1, 'it was asked once')
  t.strictSame([...new Set(noted)], ['awaited', 'infected'])
})

t.test('who never answers is left, after a time or at the end', async t => {
  const clamd = await TestClamd.open(t)
  clamd.behaviour = 'hang'
  const { scan } = scanner(t, clamd.setting, { file: bytesOf(Buffer.alloc(5_000_000)) }, { patience, limit: 50 })
  await unavailable(t, scan, 'file')
  const patient = scanner(t, clamd.setting, { file: bytesOf('a file') })
  const asked = unavailable(t, patient.scan, 'file')
  await until('it is being asked', () => clamd.connections > 0)
  patient.end()
  await asked
  await until('connections have ended', () => clamd.connections === 0)
})

t.test('where nothing is looked at everything is clean', async t => {
  const { scan } = scanner(t, 'off', {})
  t.equal(await scan({ key: 'file' }), 'clean')
})

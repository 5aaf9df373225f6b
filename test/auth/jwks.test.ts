import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { remoteKeys } from '../../src/auth/jwks.js'
import { startIssuer } from './jwks-issuer.js'

const header = (kid: string, alg = 'ES256') => ({ kid, alg })

t.test('keys are fetched once for all who ask', async t => {
  const issuer = await startIssuer(t)
  await issuer.addKey('one', 'ES256')
  await issuer.addKey('two', 'RS256')
  const find = remoteKeys(issuer.url)
  const found = await Promise.all([find(header('one')), find(header('two', 'RS256')), find(header('one'))])
  t.notOk(found.includes(undefined))
  t.equal(found[0], found[2], 'the key is imported once')
  t.equal(issuer.fetches, 1)
})

t.test('a key is found only under its algorithm', async t => {
  const issuer = await startIssuer(t)
  await issuer.addKey('one', 'ES256')
  t.equal(await remoteKeys(issuer.url)(header('one', 'RS256')), undefined)
})

/** Makes the monotonic clock the test's own: it moves on by a hair whenever it is asked, and as the test says. */
function clock (t: Test) {
  let now = performance.now()
  t.intercept(performance, 'now', { value: () => { now += 0.001; return now } })
  return (ms: number) => { now += ms }
}

t.test('an unusable key spoils itself only', async t => {
  const issuer = await startIssuer(t)
  issuer.publish({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'broken' })
  issuer.publish({ kty: 'EC', crv: 'P-256', kid: 'partial' })
  await issuer.addKey('one', 'ES256')
  for (const kid of ['broken', 'partial']) {
    const find = remoteKeys(issuer.url)
    t.equal(await find(header(kid)), undefined)
    t.ok(await find(header('one')))
  }
})

t.test('a new key is found once the cooldown is over', async t => {
  const advance = clock(t)
  const issuer = await startIssuer(t)
  await issuer.addKey('old', 'ES256')
  const find = remoteKeys(issuer.url, { cooldown: 30_000 })
  t.ok(await find(header('old')))
  await issuer.addKey('new', 'ES256')
  await t.rejects(find(header('new')), { code: 'keys_unavailable', statusCode: 503, headers: { 'retry-after': '30' } })
  advance(30_000)
  t.ok(await find(header('new')))
  t.equal(issuer.fetches, 2)
})

t.test('a made-up key doesn\'t keep a new one out: until keys are fetched again the new one is unavailable, not refused', async t => {
  const advance = clock(t)
  const issuer = await startIssuer(t)
  await issuer.addKey('old', 'ES256')
  const find = remoteKeys(issuer.url, { cooldown: 30_000 })
  t.equal(await find(header('made-up')), undefined, 'a fetch has just shown that there is none')
  await issuer.addKey('new', 'ES256')
  await t.rejects(find(header('new')), { code: 'keys_unavailable' })
  await t.rejects(find(header('made-up')), { code: 'keys_unavailable' }, 'nobody can tell the two apart')
  advance(30_000)
  t.equal(await find(header('made-up')), undefined)
  t.ok(await find(header('new')), 'whoever caused the fetch')
  t.equal(issuer.fetches, 2)
})

t.test('a fetch that began before a token came does not refuse it', async t => {
  const issuer = await startIssuer(t)
  await issuer.addKey('old', 'ES256')
  const find = remoteKeys(issuer.url, { cooldown: 29_500 })
  const early = find(header('early'))
  await sleep(1)
  await t.rejects(find(header('late')), { code: 'keys_unavailable', headers: { 'retry-after': '30' } })
  t.equal(await early, undefined)
  t.equal(issuer.fetches, 1)
})

t.test('a flood of unknown keys causes one fetch a cooldown', async t => {
  const advance = clock(t)
  const issuer = await startIssuer(t)
  await issuer.addKey('one', 'ES256')
  const find = remoteKeys(issuer.url, { cooldown: 30_000 })
  await find(header('one'))
  advance(30_000)
  await Promise.all(Array.from({ length: 50 }, (_, n) => find(header(`unknown-${n}`))))
  for (let n = 0; n < 50; n++) await t.rejects(find(header(`unknown-again-${n}`)), { code: 'keys_unavailable' })
  t.equal(issuer.fetches, 2)
})

t.test('a withdrawn key is forgotten after its age', async t => {
  const issuer = await startIssuer(t)
  await issuer.addKey('one', 'ES256')
  const find = remoteKeys(issuer.url, { cooldown: 20, maxAge: 50 })
  t.ok(await find(header('one')))
  issuer.removeKeys()
  await sleep(60)
  t.equal(await find(header('one')), undefined)
})

t.test('without any key a failed fetch says that the keys are unavailable', async t => {
  const advance = clock(t)
  const issuer = await startIssuer(t)
  await issuer.addKey('one', 'ES256')
  issuer.mode = 'failing'
  const failures: unknown[] = []
  const find = remoteKeys(issuer.url, { retryDelay: 30_000, onFailure: error => failures.push(error) })
  for (let n = 0; n < 10; n++) {
    await t.rejects(find(header('one')), { code: 'keys_unavailable', statusCode: 503, headers: { 'retry-after': '30' } })
  }
  t.equal(issuer.fetches, 1, 'a failed fetch is not repeated at once')
  t.equal(failures.length, 1)
  issuer.mode = 'up'
  advance(30_000)
  t.ok(await find(header('one')), 'it is repeated later')
})

t.test('a fetch that hangs is given up', async t => {
  const issuer = await startIssuer(t)
  issuer.mode = 'hanging'
  await t.rejects(remoteKeys(issuer.url, { timeout: 50 })(header('one')), { code: 'keys_unavailable' })
})

t.test('while the issuer is down, known keys outlive their age and nobody waits for it twice', async t => {
  const issuer = await startIssuer(t)
  await issuer.addKey('one', 'ES256')
  const find = remoteKeys(issuer.url, { cooldown: 10, maxAge: 20, retryDelay: 10, timeout: 1500 })
  t.ok(await find(header('one')))
  issuer.mode = 'hanging'
  await sleep(30)
  t.ok(await find(header('one')))
  await sleep(20)
  const before = performance.now()
  t.ok(await find(header('one')))
  t.ok(performance.now() - before < 1000)
  await t.rejects(find(header('new')), { code: 'keys_unavailable' }, 'an unknown key may be one that can\'t be fetched')
  t.equal(issuer.fetches, 3)
})

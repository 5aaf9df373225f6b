import t, { type Test } from 'tap'
import { expiryOf, TokenKeeper } from '../../client/src/token.js'
import { sleep, tokenUntil } from '../support/live.js'

/** A clock that is moved by hand. */
function stopClock (t: Test) {
  const clock = { now: Math.floor(Date.now() / 1000) * 1000 }
  t.intercept(Date, 'now', { value: () => clock.now })
  return clock
}

t.test('a token\'s expiry is read where it tells', async t => {
  t.equal(expiryOf(tokenUntil('ÿÿÿ>>>???', 1_800_000_000_000)), 1_800_000_000_000)
  for (const token of ['', 'opaque', 'a.b.c', '.bnVsbA.', '.e30.', '.eyJleHAiOiJzb29uIn0.']) t.equal(expiryOf(token), Infinity, token)
})

t.test('a token is a string or comes from a function, now or later', async t => {
  t.same(await TokenKeeper.of('a').get(), { token: 'a' })
  t.same(await TokenKeeper.of(() => 'b').get(), { token: 'b' })
  t.same(await TokenKeeper.of(async () => 'c').get(), { token: 'c' })
})

t.test('a function is asked once for many, and its keeper is shared', async t => {
  let asked = 0
  const source = async () => {
    await sleep(5)
    return `token ${++asked}`
  }
  const held = await Promise.all(Array.from({ length: 20 }, async () => await TokenKeeper.of(source).get()))
  t.same(held, Array(20).fill({ token: 'token 1' }))
  t.same(await TokenKeeper.of(source).get(), { token: 'token 1' }, 'what doesn\'t tell its end is good until it is refused')
  const others = await Promise.all(Array.from({ length: 20 }, async () => await TokenKeeper.of(source).get('token 1')))
  t.same(others, Array(20).fill({ token: 'token 2' }))
  t.same(await TokenKeeper.of(source).get('token 1'), { token: 'token 2' }, 'who comes late with an old refusal gets the new one')
  t.equal(asked, 2)
})

t.test('the next token is asked for 30 s before the end, of a short life when a quarter is left', async t => {
  for (const [life, lead] of [[3600_000, 30_000], [40_000, 10_000]] as const) {
    const clock = stopClock(t)
    const tokens = [life, life * 3].map(left => tokenUntil('ann', clock.now + left))
    let asked = 0
    const keeper = TokenKeeper.of(() => tokens[asked++]!)
    await keeper.get()
    clock.now += life - lead - 1
    t.same(await keeper.get(), { token: tokens[0] })
    clock.now += 1
    t.same(await keeper.get(), { token: tokens[1] })
    t.equal(asked, 2)
  }
})

t.test('while it is good a token that can\'t be renewed is used, and why is said', async t => {
  const clock = stopClock(t)
  const token = tokenUntil('ann', clock.now + 3600_000)
  let asked = 0
  const keeper = TokenKeeper.of(() => {
    if (asked++ > 0) throw new Error('the issuer is away')
    return token
  })
  await keeper.get()
  clock.now += 3580_000
  t.match(await keeper.get(), { token, error: { code: 'token_unavailable', retryable: true, cause: { message: 'the issuer is away' } } })
  t.same(await keeper.get(), { token }, 'it isn\'t asked again at once')
  t.equal(asked, 2)
  clock.now += 20_000
  t.match(await keeper.get(), { token: undefined, error: { code: 'token_unavailable' } })
})

t.test('what has run out by this clock is the server\'s to judge', async t => {
  const token = tokenUntil('ann', Date.now() - 60_000)
  const keeper = TokenKeeper.of(() => token)
  t.same(await keeper.get(), { token })
  t.equal(keeper.renewAt, Infinity)
})

t.test('what is no token is none', async t => {
  for (const given of ['', undefined, null, 5, 'two\nlines', 'tök']) {
    t.match(await TokenKeeper.of(() => given as string).get(), { token: undefined, error: { code: 'token_unavailable' } }, String(given))
  }
})

t.test('a function that never answers is given up', async t => {
  const { setTimeout } = globalThis
  const waits: number[] = []
  t.intercept(globalThis, 'setTimeout', {
    value: (callback: (why: unknown) => void, ms: number, why: unknown) => {
      waits.push(ms)
      return setTimeout(callback, 1, why)
    }
  })
  const held = await TokenKeeper.of(async () => await new Promise<string>(() => {})).get()
  t.match(held, { error: { code: 'token_unavailable', cause: { code: 'timed_out' } } })
  t.same(waits, [30_000])
})

import t, { type Test } from 'tap'
import { DatabaseClock } from '../../src/database/clock.js'
import { createLogger } from '../../src/observability/logger.js'
import { scrape } from '../observability/metrics/scrape.js'
import { Line } from '../support/faults.js'
import { testApp } from '../support/helper.js'

/** A clock on a machine whose time and uptime are given; what it says is noted. */
function machine (t: Test) {
  const state = { now: 1_700_000_000_000, uptime: 5000 }
  t.intercept(Date, 'now', { value: () => state.now })
  t.intercept(performance, 'now', { value: () => state.uptime })
  const said: Array<[isSkewed: boolean, seconds: number]> = []
  const clock = new DatabaseClock((isSkewed, ahead) => said.push([isSkewed, Math.round(ahead / 1000)]))
  return {
    clock,
    said,
    state,
    pass (ms: number) {
      state.now += ms
      state.uptime += ms
    },
    /** An answer of a database whose clock says `now`. */
    answer (now: number, took = 10) {
      clock.observe(new Date(now).toUTCString(), state.uptime - took, state.uptime)
    }
  }
}

t.test('without an answer, or with one that bears no date, the machine\'s clock is right', async t => {
  const { clock, state } = machine(t)
  t.equal(clock.now(), state.now)
  for (const date of [undefined, '', 'yesterday']) clock.observe(date, 0, 1)
  t.equal(clock.now(), state.now)
  t.equal(clock.ahead, 0)
})

t.test('a clock within 5 s of the database\'s is right', async t => {
  const { clock, said, state, answer } = machine(t)
  for (const ahead of [0, 4000, -4000]) {
    answer(state.now - ahead)
    t.equal(clock.now(), state.now)
    t.notOk(clock.isSkewed)
  }
  t.same(said, [])
})

t.test('one that is further away is not: the database\'s time goes on', async t => {
  for (const ahead of [7000, -7000, 86_400_000, -86_400_000]) {
    await t.test(`${ahead} ms ahead`, async t => {
      const { clock, said, state, answer, pass } = machine(t)
      answer(state.now - ahead)
      t.ok(clock.isSkewed)
      t.ok(Math.abs(clock.now() - (state.now - ahead)) <= 1000)
      pass(100_000)
      t.ok(Math.abs(clock.now() - (state.now - ahead)) <= 1000)
      answer(state.now - ahead)
      t.equal(said.length, 1, 'it is told once')
      answer(state.now)
      t.equal(clock.now(), state.now)
      t.same(said.map(([isSkewed]) => isSkewed), [true, false])
    })
  }
})

t.test('a jump is not believed until the database says so', async t => {
  const { clock, state, answer, pass } = machine(t)
  answer(state.now)
  const { now } = state
  state.now += 3_600_000
  t.ok(Math.abs(clock.now() - now) <= 1000)
  pass(2000)
  t.ok(Math.abs(clock.now() - now - 2000) <= 1000)
  answer(state.now)
  t.equal(clock.now(), state.now)
})

t.test('answers narrow it down, slow ones too', async t => {
  const { clock, state, answer, pass } = machine(t)
  for (let n = 0; n < 100; n++) {
    answer(state.now - 60_000, n % 10 === 0 ? 700 : 5)
    pass(37)
  }
  t.ok(Math.abs(clock.now() - (state.now - 60_000)) <= 60)
})

t.test('readiness, the log and the metrics tell of a wrong clock', async t => {
  const lines: string[] = []
  const log = createLogger({ LOG_LEVEL: 'warn', NODE_ENV: 'production' }, { write: line => { lines.push(line) } })
  const line = await Line.open(t)
  const app = await testApp(t, { env: { DYNAMODB: line.url }, log })
  const ready = async () => await app.inject('/ready')
  t.strictSame((await ready()).json(), { status: 'ok', redis: 'off', clock: 'ok' })
  for (const behind of [20_000, -20_000]) {
    line.putForward(behind)
    const response = await ready()
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), { status: 'degraded', redis: 'off', clock: 'skewed' })
    const skew = (await scrape(app)).value('equilux_clock_skew_seconds')
    t.ok(Math.abs((skew ?? 0) + behind / 1000) <= 2, `${skew} s`)
    line.putForward(0)
    t.strictSame((await ready()).json(), { status: 'ok', redis: 'off', clock: 'ok' })
  }
  t.equal(lines.filter(line => line.includes('clock')).length, 2, 'once each time')
  line.putForward(90_000)
  const response = await ready()
  t.equal(response.statusCode, 503)
  t.match(response.json(), { code: 'clock_skewed' })
  line.putForward(0)
  t.equal((await ready()).statusCode, 200)
})

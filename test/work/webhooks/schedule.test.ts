import t from 'tap'
import { nextAttempt, pauses } from '../../../src/work/webhooks/schedule.js'

const now = Date.parse('2026-11-22T10:15:30.123Z')
const hour = 3_600_000
const middle = 0.5

t.test('attempts follow the schedule, and then it is given up', t => {
  const planned = pauses.map((_, n) => nextAttempt(n + 1, { status: 500 }, now, middle)! - now)
  t.strictSame(planned, [5000, 300_000, 1_800_000, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour])
  t.equal(nextAttempt(10, { status: 500 }, now, middle), undefined)
  t.end()
})

t.test('each pause differs by a tenth at most', t => {
  for (const [n, pause] of pauses.entries()) {
    for (const [random, share] of [[0, 0.9], [0.25, 0.95], [1, 1.1]] as const) {
      t.equal(nextAttempt(n + 1, {}, now, random), now + Math.round(pause * share))
    }
  }
  t.end()
})

t.test('a receiver that is busy may ask for more time, a day at most, and never for less', t => {
  const wait = (failure: object, failed = 1) => nextAttempt(failed, failure, now, middle)! - now
  for (const status of [429, 502, 503, 504]) {
    t.equal(wait({ status, retryAfter: '120' }), 120_000)
    t.equal(wait({ status, retryAfter: '999999' }), 24 * hour)
    t.equal(wait({ status, retryAfter: '9'.repeat(400) }), 24 * hour)
    t.equal(wait({ status, retryAfter: '1' }), 5000)
    t.equal(wait({ status, retryAfter: '60' }, 2), 300_000)
    t.equal(wait({ status, retryAfter: 'Sun, 22 Nov 2026 11:15:30 GMT' }), hour - 123)
    t.equal(wait({ status, retryAfter: 'Fri, 22 Nov 2126 11:15:30 GMT' }), 24 * hour)
    for (const retryAfter of ['Sun, 22 Nov 2020 11:15:30 GMT', 'soon', '', '-5', '1e9', '0x10']) t.equal(wait({ status, retryAfter }), 5000, retryAfter)
  }
  for (const status of [200, 301, 400, 404, 500, 501]) t.equal(wait({ status, retryAfter: '120' }), 5000, `not with ${status}`)
  t.equal(wait({ retryAfter: '120' }), 5000)
  t.end()
})

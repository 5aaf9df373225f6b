import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Backoff } from '../../client/src/backoff.js'

t.test('pauses are anything up to a bound, which doubles up to the longest', async () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 60_000 }), (base, cap) => {
    const backoff = new Backoff({ base, cap })
    for (let n = 0; n < 2000; n++) {
      const pause = backoff.next()
      assert.ok(pause >= 0 && pause <= Math.min(cap, base * 2 ** n), `${pause}`)
    }
    backoff.reset()
    assert.ok(backoff.next() <= base)
  }), { numRuns: 20 })
})

t.test('pauses are spread', async t => {
  const pauses = Array.from({ length: 1000 }, () => new Backoff({ base: 1000, cap: 1000 }).next())
  for (let from = 0; from < 1000; from += 250) t.ok(pauses.some(pause => pause >= from && pause < from + 250), `${from}`)
})

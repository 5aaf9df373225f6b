import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { isoTime } from '../../src/shared/iso-time.js'

t.test('a time is written as toISOString writes it, whenever it is', t => {
  const latest = 8.64e15
  const time = fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.maxSafeInteger().filter(at => Math.abs(at) <= latest), fc.double({ min: -1e13, max: 1e13, noNaN: true }), fc.constantFrom(0, -1, latest, -latest))
  fc.assert(fc.property(time, at => assert.equal(isoTime(at), new Date(at).toISOString())), { numRuns: 5000 })
  t.pass('they agree')
  t.end()
})

t.test('what is no time is an error', t => {
  for (const at of [NaN, Infinity, 9e15]) t.throws(() => isoTime(at), RangeError)
  t.end()
})

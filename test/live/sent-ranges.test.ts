import fc from 'fast-check'
import t from 'tap'
import { SentRanges } from '../../src/live/sent-ranges.js'

t.test('what adjoins or overlaps is one range, of every conversation', async t => {
  fc.assert(fc.property(fc.array(fc.record({ id: fc.constantFrom('a', 'b'), back: fc.nat(4), length: fc.nat(5), older: fc.boolean() })), parts => {
    const ranges = new SentRanges()
    const model = new Map<string, Set<number>>()
    for (const { id, back, length, older } of parts) {
      const before = ranges.of(id)
      const from = before === undefined ? 100 : older ? before.from - length : Math.max(before.from, before.to + 1 - back)
      const to = before !== undefined && older ? before.from - 1 : from + length - 1
      ranges.extend(id, { from, to })
      const seqs = model.get(id) ?? new Set<number>()
      model.set(id, seqs)
      for (let seq = from; seq <= to; seq++) seqs.add(seq)
      for (let seq = 0; seq < 300; seq++) if (ranges.has(id, seq) !== seqs.has(seq)) throw new Error(`${id} ${seq}`)
      if (seqs.size > 0 && ranges.newest(id) !== Math.max(...seqs)) throw new Error(`${id}: newest ${ranges.newest(id)}`)
    }
  }))
  t.pass('so it is')
})

t.test('where a client began nothing was sent, and what follows adjoins', async t => {
  const ranges = new SentRanges()
  t.equal(ranges.newest('a'), undefined)
  t.equal(ranges.of('a'), undefined)
  ranges.beginAfter('a', 7)
  t.equal(ranges.newest('a'), 7)
  t.equal(ranges.has('a', 7), false)
  ranges.extend('a', { from: 8, to: 8 })
  t.equal(ranges.has('a', 8), true)
  t.same(ranges.of('a'), { from: 8, to: 8 })
  ranges.extend('a', { from: 3, to: 7 })
  t.same(ranges.of('a'), { from: 3, to: 8 })
  ranges.beginAfter('b', 7)
  ranges.extend('b', { from: 20, to: 25 })
  t.same(ranges.of('b'), { from: 20, to: 25 }, 'unless others had written more by then')
})

t.test('the conversations that were quiet for longest are forgotten, and that is said', async t => {
  const ranges = new SentRanges()
  for (let n = 0; n < 1000; n++) t.equal(ranges.extend(`c${n}`, { from: 1, to: 1 }), false)
  t.equal(ranges.extend('c0', { from: 2, to: 2 }), false)
  t.equal(ranges.extend('new', { from: 1, to: 1 }), true)
  t.equal(ranges.newest('c1'), undefined)
  t.equal(ranges.newest('c0'), 2)
  t.same(Object.keys(ranges.all).slice(0, 2), ['new', 'c0'])
})

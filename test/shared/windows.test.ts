import t, { type Test } from 'tap'
import { Windows } from '../../src/shared/windows.js'

/** Makes the monotonic clock the test's own. */
function clock (t: Test) {
  let now = 1000
  t.intercept(performance, 'now', { value: () => now })
  return (ms: number) => { now += ms }
}

t.test('a window begins with what is counted first and ends after its length', async t => {
  const advance = clock(t)
  const windows = new Windows(60_000, 10)
  t.equal(windows.get('alice'), undefined)
  t.strictSame({ ...windows.add('alice') }, { count: 1, endsAt: 61_000 })
  advance(59_999)
  t.strictSame({ ...windows.add('alice') }, { count: 2, endsAt: 61_000 })
  t.equal(windows.get('alice')?.count, 2, 'asking counts nothing')
  t.equal(windows.add('bob').count, 1)
  advance(1)
  t.equal(windows.get('alice'), undefined)
  t.strictSame({ ...windows.add('alice') }, { count: 1, endsAt: 121_000 })
})

t.test('beyond so many ids those are forgotten whose windows began the longest ago', async t => {
  const advance = clock(t)
  const windows = new Windows(60_000, 2)
  windows.add('alice')
  windows.add('bob')
  advance(60_000)
  windows.add('alice')
  windows.add('carol')
  t.equal(windows.add('alice').count, 2)
  t.equal(windows.get('bob'), undefined)
  t.equal(windows.get('carol')?.count, 1)
})

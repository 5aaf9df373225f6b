import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Histogram, Registry } from 'prom-client'
import t from 'tap'
import { SeriesCounter } from '../../../src/observability/metrics/series-counter.js'
import { SeriesHistogram } from '../../../src/observability/metrics/series-histogram.js'

const options = { name: 'seconds', help: 'How long it takes', buckets: [0.005, 0.1, 2.5] }
const value = fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.constantFrom(...options.buckets))

/** The lines of a scrape, each with its labels in one order. */
async function lines (registry: Registry): Promise<string[]> {
  const text = await registry.metrics()
  return text.trim().split('\n').map(line => line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').sort().join()}}`)).sort()
}

t.test('a histogram of series shows what the one of prom-client shows', async t => {
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('GetItem', 'Query'), value)), async observed => {
    const [own, theirs] = [new Registry(), new Registry()]
    const histogram = new SeriesHistogram({ registry: own, ...options })
    const expected = new Histogram({ registers: [theirs], labelNames: ['operation'], ...options })
    for (const [operation, seconds] of observed) {
      histogram.observe(operation, () => ({ operation }), seconds)
      expected.observe({ operation }, seconds)
    }
    assert.deepEqual(await lines(own), await lines(theirs))
  }))
  t.pass('they agree')
})

t.test('a counter of series counts on from scrape to scrape', async t => {
  const registry = new Registry()
  const counter = new SeriesCounter({ name: 'calls_total', help: 'Calls', labelNames: ['operation'], registry })
  const add = (operation: string, count?: number) => counter.add(operation, () => ({ operation }), count)
  add('GetItem')
  add('Query', 0)
  t.match(await lines(registry), ['# HELP', '# TYPE', 'calls_total{operation="GetItem"} 1', 'calls_total{operation="Query"} 0'])
  add('GetItem', 3)
  for (let scrapes = 0; scrapes < 2; scrapes++) t.match(await registry.metrics(), /"GetItem"\} 4\n.*"Query"\} 0\n/)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { testApp, TestUser } from '../../support/helper.js'
import { metricOf, scrape } from './scrape.js'

interface Panel {
  id: number
  title: string
  type: string
  gridPos: { x: number, y: number, w: number, h: number }
  datasource?: { uid: string }
  targets?: Array<{ expr: string, refId: string, datasource: { uid: string } }>
}

const dashboard = JSON.parse(readFileSync(join(import.meta.dirname, '../../../deploy/grafana-dashboard.json'), 'utf8')) as {
  panels: Panel[], templating: { list: Array<{ name: string, type: string, query: string | { query: string } }> }
}

const panels = dashboard.panels.filter(({ type }) => type !== 'row')
/** What Prometheus itself adds to every sample. */
const added = ['job', 'instance']
const keywords = new Set(['and', 'or', 'unless', 'on', 'ignoring', 'group_left', 'group_right', 'offset', 'bool'])

/** The names of the metrics and of the labels in an expression. */
function namesIn (expression: string) {
  const bare = expression.replace(/"[^"]*"/g, '""').replace(/\[[^\]]*\]/g, '')
  const labels = [
    ...[...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, matchers]) => [...matchers!.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, name]) => name!)),
    ...[...bare.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap(([, list]) => list!.split(',').map(name => name.trim()))
  ]
  const rest = bare.replace(/\{[^}]*\}/g, '').replace(/\b(?:by|without)\s*\([^)]*\)/g, '')
  const metrics = [...rest.matchAll(/[a-zA-Z_:][\w:]*\b(?!\s*\()/g)].map(([name]) => name).filter(name => !keywords.has(name))
  return { metrics, labels }
}

t.test('the expressions are taken apart as they should', async t => {
  t.same(namesIn('sum by (le, kind) (rate(a_total{x="y", z=~"$v"}[$__rate_interval])) / b or vector(0)'),
    { metrics: ['a_total', 'b'], labels: ['x', 'z', 'le', 'kind'] })
})

t.test('every metric and label that the dashboard names is there in a scrape, and every metric of our own is shown', async t => {
  const app = await testApp(t, { env: { WORKER: 'on' } })
  await new TestUser(app, 'alice').say('bob', 'hello')
  await app.inject('/health')
  const { samples, types } = await scrape(app)
  const shown = new Set<string>()
  const variables = dashboard.templating.list.flatMap(({ query }) => typeof query === 'string' ? [] : /\((.*),/.exec(query.query)![1]!)
  const expressions = [...panels.flatMap(({ targets }) => targets!.map(({ expr }) => expr)), ...variables]
  t.ok(expressions.length > 30)
  for (const expression of expressions) {
    const { metrics, labels } = namesIn(expression)
    t.ok(metrics.length > 0, expression)
    const known = new Set(added)
    for (const metric of metrics) {
      const found = samples.filter(({ name }) => name === metric)
      t.ok(found.length > 0, `${metric} in ${expression}`)
      for (const { labels } of found) for (const label of Object.keys(labels)) known.add(label)
      shown.add(metricOf(metric, types)!)
    }
    for (const label of labels) t.ok(known.has(label), `${label} in ${expression}`)
  }
  const own = [...types.keys()].filter(name => name.startsWith('equilux_') || name.startsWith('http_'))
  t.same(own.filter(name => !shown.has(name)), [])
})

t.test('the panels ask the data source that was chosen, have ids of their own and don\'t overlap', async t => {
  t.same(dashboard.templating.list.map(({ name }) => name), ['datasource', 'job', 'instance'])
  const ids = dashboard.panels.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length)
  for (const { title, datasource, targets } of panels) {
    for (const { uid } of [datasource!, ...targets!.map(({ datasource }) => datasource)]) t.equal(uid, '${datasource}', title) // eslint-disable-line no-template-curly-in-string
    t.equal(new Set(targets!.map(({ refId }) => refId)).size, targets!.length, title)
  }
  const taken = new Map<string, string>()
  for (const { title, gridPos: { x, y, w, h } } of dashboard.panels) {
    t.ok(x + w <= 24, title)
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        const other = taken.get(`${column},${line}`)
        if (other !== undefined) t.fail(`${title} covers ${other}`)
        taken.set(`${column},${line}`, title)
      }
    }
  }
})

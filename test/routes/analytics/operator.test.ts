import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { OperatorAnalytics } from '../../../schemas/market.js'
import type { Activity } from '../../../src/database/entities/analytics/measures.js'
import { countedApp } from '../../support/analytics.js'
import { addToCell, tradesOf } from '../../support/figures.js'
import { testApp, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { until } from '../../support/live.js'
import { refused } from '../../support/problem.js'
import { open, respond } from '../../support/trades.js'

async function addToDay ({ entities: { direct } }: FastifyInstance, day: string, shard: number, amounts: Activity, traders: number[]) {
  await direct.write(direct.marketDay.add({ generation: 1, currency: 'EUR', day, shard }, { ...amounts, traders: new Set(traders) }))
}

t.test('an operator sees every day, of all its parts, and the market as everybody does', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const operator = await TestIntegration.make(app, ['analytics'])
  await addToDay(app, '2026-11-20', 0, { opened: 2, accepted: 1, milliseconds: 60_000, time0: 1, revisions: 1, spreads: 1, spread0: 10 }, [1, 2, 3])
  await addToDay(app, '2026-11-20', 7, { opened: 1, rejected: 1 }, [3, 4])
  await addToDay(app, '2026-11-22', 3, { withdrawn: 1 }, [5])
  await addToDay(app, '2026-11-19', 3, { opened: 9 }, [6])
  await addToDay(app, '2026-11-23', 3, { opened: 9 }, [6])
  await addToCell(app, { start: Date.parse('2026-11-20T10:00:00Z') }, tradesOf(10))
  const query = '?from=2026-11-20T12:00:00Z&to=2026-11-22T00:00:01Z'
  const answer = (await operator.get(`/analytics${query}`)).json<OperatorAnalytics>()
  t.match(answer, {
    from: '2026-11-20T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z', currency: 'EUR', totals: { opened: 3, accepted: 1, rejected: 1, withdrawn: 1, acceptanceRate: 0.3333, meanSpreadBps: 10 }, work: null
  })
  t.match(answer.days, [
    { start: '2026-11-20T00:00:00.000Z', opened: 3, accepted: 1, rejected: 1, acceptanceRate: 0.5, activeTraders: 4 },
    { start: '2026-11-21T00:00:00.000Z', opened: 0, acceptanceRate: null, activeTraders: 0 },
    { start: '2026-11-22T00:00:00.000Z', opened: 0, withdrawn: 1, acceptanceRate: 0, activeTraders: 1 }
  ])
  t.equal(answer.days.length, 3)
  const { market } = answer
  const seen = await new TestUser(app, 'alice').request({ url: `/api/analytics/market?from=${answer.from}&to=${answer.to}` })
  t.strictSame(market, seen.json())
  t.equal(market.series.length, 72)
  t.match(market.series[10], { start: '2026-11-20T10:00:00.000Z', trades: 10, suppressed: false })
  t.match((await operator.get('/analytics')).json<OperatorAnalytics>().days.length, 30)
})

t.test('how many traded is about right, for few and for many', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const operator = await TestIntegration.make(app, ['analytics'])
  const days = [0, 1, 5, 100, 512, 1023, 1024]
  for (const [n, hit] of days.entries()) {
    for (let shard = 0; shard < 8; shard++) {
      const traders = Array.from({ length: hit }, (_, bucket) => bucket).filter(bucket => bucket % 8 === shard)
      if (traders.length > 0) await addToDay(app, `2026-11-0${n + 1}`, shard, { opened: 1 }, traders)
    }
  }
  const { days: shown } = (await operator.get('/analytics?from=2026-11-01&to=2026-11-08')).json<OperatorAnalytics>()
  t.same(shown.map(({ activeTraders }) => activeTraders), [0, 1, 5, 105, 710, 7098, 7098])
})

t.test('it takes the scope, and a range in order', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on', MARKET_GRANULARITY: 'day' } })
  refused(t, await (await TestIntegration.make(app, ['trades', 'messages', 'settlement', 'moderation'])).get('/analytics'), 'scope_missing')
  const operator = await TestIntegration.make(app, ['analytics'])
  t.equal((await operator.get('/analytics?from=2025-11-01&to=2026-11-02')).json<OperatorAnalytics>().market.series.length, 366)
  refused(t, await operator.get('/analytics?from=2025-11-01&to=2026-11-03'), 'range_too_large')
  refused(t, await operator.get('/analytics?from=2026-11-01&to=2026-10-01'), 'validation_failed')
  refused(t, await operator.get('/analytics?granularity=hour'), 'validation_failed')
  const hourly = await testApp(t, { env: { ANALYTICS: 'on' } })
  const other = await TestIntegration.make(hourly, ['analytics'])
  t.equal((await other.get('/analytics?from=2026-01-01&to=2026-05-06')).json<OperatorAnalytics>().days.length, 125)
  refused(t, await other.get('/analytics?from=2026-01-01&to=2026-05-07'), 'range_too_large', 'of hours there are 3,000')
})

t.test('what happens over HTTP is there, and how far the work queue is behind', async t => {
  const { app, settled } = await countedApp(t)
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(id => new TestUser(app, id)) as [TestUser, TestUser, TestUser]
  await respond(bob, await open(alice, bob), { response: 'accept' })
  await respond(carol, await open(alice, carol), { response: 'reject' })
  await settled()
  const operator = await TestIntegration.make(app, ['analytics'])
  const read = async () => (await operator.get('/analytics')).json<OperatorAnalytics>()
  t.match(await read(), { totals: { opened: 2, accepted: 1, rejected: 1, acceptanceRate: 0.5 } })
  t.equal((await read()).days.reduce((most, { activeTraders }) => Math.max(most, activeTraders), 0) >= 2, true)
  let work: OperatorAnalytics['work'] = null
  const looking = setInterval(() => { read().then(answer => { work = answer.work }).catch(() => {}) }, 50)
  t.teardown(() => clearInterval(looking))
  await until('the queue was looked through', () => work !== null && work.due === 0)
  t.same(work, { due: 0, oldestSeconds: 0 })
})

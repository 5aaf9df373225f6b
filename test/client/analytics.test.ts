import t from 'tap'
import { createAnalytics } from '../../client/src/analytics.js'
import { createClient } from '../../client/src/index.js'
import { addToCounterparty, addToSlot, agreed } from '../support/figures.js'
import { TestIntegration } from '../support/integrations.js'
import { liveApp } from '../support/live.js'

const { app, url, user } = await liveApp(t, { env: { ANALYTICS: 'on' } })
const range = { from: '2026-11-22', to: '2026-11-23' }

t.test('it is made of calls, or of what it takes to make them', async t => {
  await addToSlot(app, { userId: 'ann', side: 'sell', at: '2026-11-22T10:00:00Z' }, agreed(12_500, 27_000))
  await addToCounterparty(app, { userId: 'ann', otherId: 'bob', side: 'sell', month: '2026-11' }, agreed(12_500, 27_000))
  const options = { baseUrl: url, token: user('ann').token }
  const sold = { trades: 1, amount: '12.5', value: '3.375', vwap: '0.27' }
  for (const given of [options, createClient(options)]) {
    const analytics = createAnalytics(given)
    const { data, error } = await analytics.mine({ ...range, granularity: 'hour', timeZone: 'Europe/Berlin' })
    t.equal(error, undefined)
    t.match(data, { totals: { sold }, timeZone: 'Europe/Berlin' })
    t.equal(data?.series.length, 24)
    t.match(await analytics.counterparties({ month: '2026-11' }), { data: { counterparties: [{ userId: 'bob', sold }], others: { count: 0 } } })
    t.match(await analytics.market(range), { data: { totals: { shown: 0, vwap: null }, rules: { trades: 10 } } })
    for (const answer of [await analytics.mine(), await analytics.counterparties(), await analytics.market()]) t.equal(answer.error, undefined)
    t.match(await analytics.operator(), { error: { code: 'key_invalid' } })
  }
  t.throws(() => createAnalytics({ baseUrl: '', token: 'x' }), { message: /baseUrl/ })
})

t.test('an operator asks with a key in the token\'s place', async t => {
  const { key } = await TestIntegration.make(app, ['analytics'])
  const { data, error } = await createAnalytics({ baseUrl: url, token: key }).operator(range)
  t.equal(error, undefined)
  t.match(data, { days: [{ start: '2026-11-22T00:00:00.000Z' }], work: null })
})

t.test('what is wrong is an error, and nothing is thrown', async t => {
  const analytics = createAnalytics({ baseUrl: url, token: user('ann').token })
  t.match(await analytics.mine({ timeZone: 'nowhere' }), { error: { code: 'validation_failed', errors: [{ path: '/timeZone' }] } })
  t.match(await analytics.market({ from: '2020-01-01' }), { error: { code: 'range_too_large' } })
  const abort = new AbortController()
  abort.abort()
  t.match(await analytics.mine(range, abort.signal), { error: { code: 'aborted' } })
  const { url: without, user: other } = await liveApp(t)
  t.match(await createAnalytics({ baseUrl: without, token: other('ann').token }).mine(), { error: { code: 'route_not_found', retryable: false } })
})

t.test('an answer that doesn\'t fit its schema is an error', async t => {
  const wrong: typeof fetch = async () => Response.json({ from: 'now', series: [] })
  const analytics = createAnalytics({ baseUrl: 'http://chat.example', token: 'x', fetch: wrong })
  for (const answer of [await analytics.mine(), await analytics.counterparties(), await analytics.market(), await analytics.operator()]) {
    t.match(answer, { error: { code: 'unexpected_answer', retryable: false } })
  }
})

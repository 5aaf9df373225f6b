import t from 'tap'
import type { Counterparties } from '../../../schemas/analytics.js'
import { addToCounterparty, agreed } from '../../support/figures.js'
import { testApp, TestUser } from '../../support/helper.js'
import { countedApp } from '../../support/analytics.js'
import { refused } from '../../support/problem.js'
import { later, open, respond } from '../../support/trades.js'

const nothing = { trades: 0, amount: '0', value: '0', vwap: null }
const month = '2026-11'

async function ask (user: TestUser, query = '') {
  return await user.request({ url: `/api/analytics/me/counterparties${query}` })
}

t.test('those with whom most energy was traded come first, and the others are summed up', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const alice = new TestUser(app, 'alice')
  const own = { userId: 'alice', month }
  await addToCounterparty(app, { ...own, otherId: 'bob', side: 'sell' }, agreed(1000, 27_000))
  await addToCounterparty(app, { ...own, otherId: 'bob', side: 'buy' }, agreed(2500, 30_000, 2))
  await addToCounterparty(app, { ...own, otherId: '|odd:id@x', side: 'buy' }, agreed(3000, 20_000))
  await addToCounterparty(app, { ...own, otherId: 'carol', side: 'sell' }, agreed(1, 1))
  await addToCounterparty(app, { ...own, otherId: 'dave', side: 'sell' }, agreed(1, 2))
  await addToCounterparty(app, { ...own, otherId: 'erin', side: 'sell', currency: 'CHF' }, agreed(9000, 1))
  await addToCounterparty(app, { ...own, otherId: 'frank', side: 'sell', month: '2026-10' }, agreed(9000, 1))
  await addToCounterparty(app, { ...own, otherId: 'gina', side: 'sell', generation: 2 }, agreed(9000, 1))
  await addToCounterparty(app, { ...own, userId: 'alice2', otherId: 'henry', side: 'sell' }, agreed(9000, 1))

  t.strictSame((await ask(alice, `?month=${month}&limit=2`)).json(), {
    month,
    currency: 'EUR',
    counterparties: [
      { userId: 'bob', sold: { trades: 1, amount: '1', value: '0.27', vwap: '0.27' }, bought: { trades: 2, amount: '2.5', value: '0.75', vwap: '0.3' } },
      { userId: '|odd:id@x', sold: nothing, bought: { trades: 1, amount: '3', value: '0.6', vwap: '0.2' } }
    ],
    others: { count: 2, sold: { trades: 2, amount: '0.002', value: '0.00000003', vwap: '0.00002' }, bought: nothing }
  })
  t.same((await ask(alice, `?month=${month}`)).json<Counterparties>().counterparties.map(({ userId }) => userId), ['bob', '|odd:id@x', 'carol', 'dave'], 'equal ones in the order of their ids')
  t.match((await ask(alice, `?month=${month}&currency=CHF`)).json(), { currency: 'CHF', counterparties: [{ userId: 'erin' }], others: { count: 0 } })
  t.match((await ask(new TestUser(app, 'bob'), `?month=${month}`)).json(), { counterparties: [], others: { count: 0, sold: nothing } })
})

t.test('this month is shown where none is named', async t => {
  const { app, settled } = await countedApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const startTime = later(60 * 60 * 1000)
  const offer = await open(alice, bob, { tradeType: 'buy', startTime })
  await respond(bob, offer, { response: 'accept' })
  await settled()
  const traded = { trades: 1, amount: '12.5', value: '3.375', vwap: '0.27' }
  // It may have become another one meanwhile.
  const query = `?month=${startTime.slice(0, 7)}`
  t.match((await ask(alice, query)).json(), { counterparties: [{ userId: 'bob', bought: traded, sold: nothing }] })
  t.match((await ask(bob, query)).json(), { counterparties: [{ userId: 'alice', sold: traded, bought: nothing }] })
  const thisMonth = () => new Date().toISOString().slice(0, 7)
  const before = thisMonth()
  const shown = (await ask(alice)).json<Counterparties>().month
  t.ok([before, thisMonth()].includes(shown), shown)
  for (const bad of ['month=2026-13', 'month=2026', 'limit=0', 'limit=101', 'user=bob']) refused(t, await ask(alice, `?${bad}`), 'validation_failed', bad)
})

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { Analytics } from '../../../schemas/analytics.js'
import type { TradeOfferWithHistory } from '../../../schemas/trade-offer.js'
import { countedApp, saltOf, settled, tellAgain } from '../../support/analytics.js'
import { TestUser, testApp } from '../../support/helper.js'
import { foldOffers, readFigures, type Figures } from '../../support/naive-figures.js'
import { negotiate, negotiation, type Ask } from '../../support/negotiate.js'
import { start } from '../../support/server-process.js'
import { later, list, patiently, read } from '../../support/trades.js'

const users = ['alice', 'bob', 'carol', 'dave'] as const

/** Every offer of all users as it is, none of which is about to run out. */
async function allOffers (app: FastifyInstance): Promise<TradeOfferWithHistory[]> {
  for (;;) {
    const offers = (await Promise.all(users.map(async id => {
      const user = new TestUser(app, id)
      return await Promise.all((await list(user, 'role=sender')).map(async offer => await read(user, offer)))
    }))).flat()
    // That one has run out is shown before it is recorded.
    const isClear = ({ status, currentProposal: { expiresAt }, negotiationHistory }: TradeOfferWithHistory) =>
      status === 'expired' ? negotiationHistory.at(-1)?.action === 'expire' : !['pending', 'countered'].includes(status) || expiresAt > later(10 * 60_000)
    if (offers.every(isClear)) return offers
    await sleep(100)
  }
}

t.test('for random negotiations every figure is what a fold over all offers says, to the last decimal, however often it is told', async t => {
  const { app, settled } = await countedApp(t)
  const ask: Ask = async (userId, path, body) => {
    const { statusCode: status, ...response } = await patiently(async () => await new TestUser(app, userId).post(path, body))
    return { status, body: response.json() }
  }
  let figures: Figures = {}
  await fc.assert(fc.asyncProperty(fc.array(negotiation, { minLength: 1, maxLength: 6 }), async plans => {
    await Promise.all(plans.map(async plan => await negotiate(ask, users, plan)))
    const offers = await allOffers(app)
    await settled()
    if (offers.length === 0) return
    figures = foldOffers(offers, await saltOf(app))
    if (!t.strictSame(await readFigures(app), figures)) throw new Error('They differ')
    await tellAgain(app)
    await settled()
    if (!t.strictSame(await readFigures(app), figures, 'told again')) throw new Error('They differ')
  }), { numRuns: 10, endOnFailure: true })
  t.comment(`${Object.keys(figures).length} items`)

  for (const userId of users) {
    for (const currency of ['EUR', 'USD', 'INR']) {
      const url = `/api/analytics/me?from=${later(-86_400_000).slice(0, 10)}&to=${later(364 * 86_400_000).slice(0, 10)}&currency=${currency}`
      const response = await new TestUser(app, userId).request({ method: 'GET', url })
      t.equal(response.statusCode, 200)
      t.strictSame(shown(response.json<Analytics>().totals), addUp(figures, `user ${userId} ${currency} `), `${userId} is told of ${currency}`)
    }
  }
})

const measures = ['opened', 'accepted', 'rejected', 'withdrawn', 'expired'] as const

/** What the answer says, as whole numbers. */
function shown ({ sold, bought, ...activity }: Analytics['totals']) {
  const agreed = (name: string, { trades, amount, value }: typeof sold) => ({
    [`${name} trades`]: String(trades), [`${name} energy`]: scaled(amount, 3), [`${name} value`]: scaled(value, 8)
  })
  return { ...Object.fromEntries(measures.map(name => [name, String(activity[name])])), ...agreed('sell', sold), ...agreed('buy', bought) }
}

function scaled (decimal: string, places: number): string {
  const [whole = '', fraction = ''] = decimal.split('.')
  return String(BigInt(whole + fraction.padEnd(places, '0')))
}

/** The sums of a user's figures on both sides. */
function addUp (figures: Figures, beginning: string) {
  const names = [...measures, ...['sell', 'buy'].flatMap(side => ['trades', 'energy', 'value'].map(name => `${side} ${name}`))]
  const sums = Object.fromEntries(names.map(name => [name, 0n]))
  for (const [place, amounts] of Object.entries(figures).filter(([place]) => place.startsWith(beginning))) {
    const side = place.slice(place.lastIndexOf(' ') + 1)
    for (const [name, amount] of Object.entries(amounts)) {
      for (const sum of [name, `${side} ${name}`]) if (sum in sums) sums[sum]! += BigInt(amount)
    }
  }
  return Object.fromEntries(names.map(name => [name, String(sums[name])]))
}

t.test('so they are where the server is killed again and again', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const { DYNAMODB, TABLE_NAME } = app.config
  const folder = t.testdir()
  const launch = async () => await start(t, folder, { DYNAMODB, TABLE_NAME })
  let server = await launch()
  let [kills, answers] = [0, 0]
  let restarting: Promise<void> | undefined
  const restart = async () => {
    kills++
    server.child.kill('SIGKILL')
    await server.exited
    server = await launch()
  }

  const ask: Ask = async (userId, path, body) => {
    const headers = { authorization: `Bearer ${new TestUser(app, userId).token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() }
    for (;;) {
      try {
        const response = await fetch(`${server.url}/api/messages${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
        const answer = { status: response.status, body: await response.json() }
        if (answer.status < 500) {
          if (++answers % 40 === 0 && kills < 4) restarting = restart()
          return answer
        }
      } catch {
        // It was killed.
        await restarting
      }
      await sleep(50)
    }
  }
  const seed = Date.now()
  t.comment(`seed ${seed}`)
  const plans = fc.sample(negotiation, { numRuns: 60, seed })
  const play = async () => {
    for (let plan = plans.shift(); plan !== undefined; plan = plans.shift()) await negotiate(ask, users, plan)
  }
  await Promise.all(Array.from({ length: 8 }, play))
  await restarting

  // What runs out is recorded by the server, or by who looks.
  const offers = await allOffers(app)
  // Claims of a server that was killed last a while.
  await settled(app, { asIfLater: true })
  t.comment(`${offers.length} offers, ${answers} answers, ${kills} kills`)
  t.ok(kills > 1)
  t.strictSame(await readFigures(app), foldOffers(offers, await saltOf(app)))
})

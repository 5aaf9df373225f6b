import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { generationKey } from '../../../src/services/analytics/generations.js'
import { relayOf, rebuildFigures, saltOf, settled } from '../../support/analytics.js'
import { breakCall, kinds } from '../../support/break-call.js'
import { erase, signedIn } from '../../support/erasure.js'
import { testApp, TestUser } from '../../support/helper.js'
import { foldOffers, readFigures, type Figures } from '../../support/naive-figures.js'
import { open, read, respond } from '../../support/trades.js'
import { claimTime } from '../../../src/work/claims.js'

const grace = 31 * 24 * 60 * 60 * 1000

/** What a user has figures of. */
function ownOf (figures: Figures, userId: string): string[] {
  return Object.keys(figures).filter(place => place.startsWith(`user ${userId} `) || place.startsWith(`with ${userId} `))
}

async function leave (user: TestUser) {
  const response = await user.request({ method: 'DELETE', url: '/api/me' })
  if (response.statusCode !== 202) throw new Error(response.body)
}

/** Alice, who has traded with bob and left one offer open, asks to be erased. */
async function scene (app: FastifyInstance) {
  const [alice, bob] = [signedIn(app, 'alice'), new TestUser(app, 'bob')]
  const agreed = await open(alice, bob)
  await respond(bob, agreed, { response: 'accept' })
  const rejected = await open(bob, alice, { tradeType: 'buy' })
  await respond(alice, rejected, { response: 'reject' })
  const left = await open(alice, bob)
  const offers = async () => await Promise.all([agreed, rejected, left].map(async offer => await read(bob, offer)))
  return { alice, bob, offers }
}

t.test('an erased user leaves no figures: what was counted goes, and neither the queue nor a rebuild brings it back', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const { alice, bob, offers } = await scene(app)
  await settled(app, { asIfLater: true })
  t.not(ownOf(await readFigures(app), 'alice').length, 0)
  await leave(alice)
  await erase(app, 'alice', grace)
  t.strictSame(ownOf(await readFigures(app), 'alice'), [])

  // The offer that was open was withdrawn in her name: that is bob's to know, and the market's.
  await settled(app, { asIfLater: true })
  const isErased = (userId: string) => userId === 'alice'
  const expected = foldOffers(await offers(), await saltOf(app), isErased)
  t.strictSame(await readFigures(app), expected)
  t.equal(ownOf(expected, 'bob').length > 0, true)
  t.ok(Object.entries(expected).some(([place, { withdrawn }]) => place.startsWith('user bob ') && withdrawn === '1'))
  await rebuildFigures(app)
  t.strictSame(await readFigures(app, 2), expected)

  // Who comes back begins anew.
  const again = await testApp(t, { env: { ANALYTICS: 'on', TABLE_NAME: app.config.TABLE_NAME } })
  const offer = await open(alice, bob)
  await relayOf(again, claimTime + 1).work('alice~bob')
  const { seq } = (await read(alice, offer)).negotiationHistory[0]!
  const all = [...await offers(), await read(alice, offer)]
  t.strictSame(await readFigures(app, 2), foldOffers(all, await saltOf(app), (userId, place) => isErased(userId) && place.seq < seq))
})

t.test('what is told only after the erasure isn\'t counted for who was erased', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const { alice, offers } = await scene(app)
  await leave(alice)
  await erase(app, 'alice', grace)
  t.strictSame(await readFigures(app), {})
  await settled(app, { asIfLater: true })
  t.strictSame(await readFigures(app), foldOffers(await offers(), await saltOf(app), userId => userId === 'alice'))
})

t.test('figures of every generation go, also where nothing is counted any more', async t => {
  const counted = await testApp(t, { env: { ANALYTICS: 'on' } })
  const { direct } = counted.entities
  await counted.analytics!.generations.counted()
  await direct.write(direct.statsGeneration.update(generationKey, { building: 2 }, { equal: { current: 1 } }))
  const both = await testApp(t, { env: { ANALYTICS: 'on', TABLE_NAME: counted.config.TABLE_NAME } })
  const { alice } = await scene(both)
  await settled(both, { asIfLater: true })
  for (const generation of [1, 2]) t.not(ownOf(await readFigures(both, generation), 'alice').length, 0)
  const off = await testApp(t, { env: { TABLE_NAME: counted.config.TABLE_NAME } })
  await leave(alice)
  await erase(off, 'alice', grace)
  for (const generation of [1, 2]) {
    const figures = await readFigures(off, generation)
    t.strictSame(ownOf(figures, 'alice'), [])
    t.not(ownOf(figures, 'bob').length, 0)
  }
})

t.test('whatever call of the database fails while figures go, all are gone in the end, more than fit on a page', async t => {
  const app = await testApp(t)
  const { direct } = app.entities
  await direct.write(direct.statsGeneration.put({ ...generationKey, current: 2, salt: '' }))
  const count = async () => (await Promise.all([1, 2].map(async generation => ownOf(await readFigures(app, generation), 'alice').length))).reduce((sum, length) => sum + length, 0)
  const spend = async () => {}
  for (const kind of kinds) {
    for (let at = 0, broken: ReturnType<typeof breakCall> | undefined; broken === undefined || broken.count > at - 1; at += 7) {
      await Promise.all(Array.from({ length: 30 }, async (_, n) => {
        const generation = 1 + n % 2
        await direct.write(direct.userSlot.add({ generation, userId: 'alice', currency: 'EUR', start: 900_000 * n, side: 'sell' }, { opened: 1 }))
        await direct.write(direct.userSlot.add({ generation, userId: 'alice', currency: 'USD', start: 900_000 * n, side: 'buy' }, { opened: 1 }))
        await direct.write(direct.counterparty.add({ generation, userId: 'alice', month: '2026-11', currency: 'EUR', otherId: `bob-${n}`, side: 'sell' }, { trades: 1 }))
      }))
      broken = breakCall(t, app, at, kind)
      await app.services.eraseFigures('alice', spend, () => false).catch(() => {})
      broken.remove()
      t.equal(await app.services.eraseFigures('alice', spend, () => false), true)
      t.equal(await count(), 0, `${kind} at call ${at}`)
    }
  }

  await direct.write(direct.userSlot.add({ generation: 1, userId: 'alice', currency: 'EUR', start: 0, side: 'sell' }, { opened: 1 }))
  t.equal(await app.services.eraseFigures('alice', spend, () => true), false, 'it ends where it has to')
  t.equal(await count(), 1)
})

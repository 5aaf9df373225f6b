import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { TradeOfferWithHistory } from '../../../schemas/trade-offer.js'
import { generationKey } from '../../../src/services/analytics/generations.js'
import { claimTime } from '../../../src/work/claims.js'
import { relayOf, saltOf } from '../../support/analytics.js'
import { breakCall, kinds } from '../../support/break-call.js'
import { cancelled, intercept } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { foldOffers, readFigures } from '../../support/naive-figures.js'
import { open, read, respond } from '../../support/trades.js'

/** Counts two moves with each of the calls broken in each way, one at a time, and then by somebody else. */
async function atEveryCall (t: Test, app: FastifyInstance, generations: number[]) {
  const offers: TradeOfferWithHistory[] = []
  let ahead = 0
  for (const kind of kinds) {
    for (let at = 0; ; at++) {
      const broken = breakCall(t, app, at, kind)
      broken.mended = true
      // What they are called says where it went wrong.
      const [alice, bob] = ['alice', 'bob'].map(name => new TestUser(app, `${name}-${kind.replace(' ', '-')}-${at}`)) as [TestUser, TestUser]
      const offer = await open(alice, bob)
      await respond(bob, offer, { response: 'accept' })
      const { conversationId } = offer
      broken.mended = false
      await relayOf(app, ahead).work(conversationId).catch(() => {})
      broken.mended = true
      broken.remove()
      ahead += claimTime + 1
      await relayOf(app, ahead).work(conversationId)
      offers.push(await read(alice, offer))
      if (broken.count <= at) break
    }
  }
  t.ok(offers.length > 8 * kinds.length, `${offers.length} offers`)
  const expected = foldOffers(offers, await saltOf(app))
  for (const generation of generations) t.strictSame(await readFigures(app, generation), expected, `generation ${generation}`)
}

t.test('whatever call of the database fails while moves are counted, each counts once', async t => {
  await atEveryCall(t, await testApp(t, { env: { ANALYTICS: 'on' } }), [1])
})

t.test('so it is while another generation is being built', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const { direct } = app.entities
  await app.analytics!.generations.counted()
  await direct.write(direct.statsGeneration.update(generationKey, { building: 2 }, { equal: { current: 1 } }))
  const other = await testApp(t, { env: { ANALYTICS: 'on', TABLE_NAME: app.config.TABLE_NAME } })
  await atEveryCall(t, other, [1, 2])
})

t.test('who is in another\'s way tries again, and is told again where that doesn\'t help', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const offer = await open(alice, bob)
  let conflicts = 3
  const fault = intercept(t, app, 'TransactWriteItems', async attempt => {
    if (conflicts-- > 0) throw cancelled('None', 'None', 'TransactionConflict', 'None')
    return await attempt()
  })
  await relayOf(app).work('alice~bob')
  t.equal(fault.count, 4)
  t.equal((await readFigures(app))['position alice~bob']?.upTo, '1')

  await respond(bob, offer, { response: 'reject' })
  conflicts = Infinity
  await t.rejects(relayOf(app).work('alice~bob'), { message: 'What is counted was refused: None, None, TransactionConflict, None' })
  t.equal((await readFigures(app))['position alice~bob']?.upTo, '1')
  conflicts = 0
  await relayOf(app, claimTime).work('alice~bob')
  t.strictSame(await readFigures(app), foldOffers([await read(alice, offer)], await saltOf(app)))
})

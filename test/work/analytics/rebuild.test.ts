import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { generationKey, rememberedFor } from '../../../src/services/analytics/generations.js'
import { countedApp, rebuildFigures, saltOf, settled } from '../../support/analytics.js'
import { scan } from '../../support/erasure.js'
import { testApp, TestUser } from '../../support/helper.js'
import { foldOffers, readFigures } from '../../support/naive-figures.js'
import { negotiate, negotiation, type Ask } from '../../support/negotiate.js'
import { passTime } from '../../support/pass-time.js'
import { list, open, patiently, read, respond } from '../../support/trades.js'

const users = ['alice', 'bob', 'carol', 'dave'] as const

const asking = (app: FastifyInstance): Ask => async (userId, path, body) => {
  const { statusCode: status, ...response } = await patiently(async () => await new TestUser(app, userId).post(path, body))
  return { status, body: response.json() }
}

/** Negotiations that nobody waits for to run out. */
const plans = (count: number) => fc.sample(negotiation, count).map(plan => ({ ...plan, isBrief: false }))

/** What the figures have to be. */
async function expected (app: FastifyInstance) {
  const offers = await Promise.all(users.map(async id => {
    const user = new TestUser(app, id)
    return await Promise.all((await list(user, 'role=sender')).map(async offer => await read(user, offer)))
  }))
  return foldOffers(offers.flat(), await saltOf(app))
}

/** The generations that something in the table is of. */
async function generationsLeft (app: FastifyInstance): Promise<string[]> {
  return [...new Set((await scan(app)).flatMap(({ pk }) => /^stats#(\d+)#/.exec(String(pk))?.[1] ?? []))].sort()
}

const stored = async ({ entities: { direct } }: FastifyInstance) => await direct.statsGeneration.get(generationKey, { consistent: true })

t.test('a rebuild gives the same as was counted before, and what was before is removed', async t => {
  const { app, settled } = await countedApp(t)
  const ask = asking(app)
  // Chance may leave out a pair.
  await Promise.all(users.flatMap((id, n) => users.slice(n + 1).map(async other => await new TestUser(app, id).say(other, 'Hello'))))
  await Promise.all(plans(30).map(async plan => await negotiate(ask, users, plan)))
  // A long way to go in one conversation.
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await Promise.all(Array.from({ length: 150 }, async (_, n) => await alice.say('bob', `text ${n}`)))
  await respond(bob, await open(alice, bob), { response: 'accept' })
  await settled()
  const counted = await readFigures(app)
  t.strictSame(counted, await expected(app))
  const { generation, conversations, removed } = await rebuildFigures(app)
  t.strictSame([generation, conversations], [2, 6])
  t.ok(removed > 20, `${removed} removed`)
  t.strictSame(await readFigures(app, 2), counted)
  t.strictSame(await generationsLeft(app), ['2'])
  t.match(await stored(app), { current: 2, building: undefined })
})

t.test('it counts what was never counted', async t => {
  const app = await testApp(t)
  const ask = asking(app)
  await Promise.all(plans(20).map(async plan => await negotiate(ask, users, plan)))
  t.strictSame(await readFigures(app), {})
  await rebuildFigures(app)
  t.strictSame(await readFigures(app, 2), await expected(app))
})

t.test('while others trade it misses nothing, and counts nothing twice', async t => {
  const pass = passTime(t)
  const { app, settled } = await countedApp(t)
  const ask = asking(app)
  const trading = { goesOn: true }
  const all = Promise.all(Array.from({ length: 4 }, async () => {
    while (trading.goesOn) for (const plan of plans(1)) await negotiate(ask, users, plan)
  }))
  await Promise.all(plans(20).map(async plan => await negotiate(ask, users, plan)))
  const stages: string[] = []
  await rebuildFigures(app, async ({ stage }) => {
    if (stages.at(-1) === stage) return
    stages.push(stage)
    // Whoever remembers that nothing is being built has forgotten it by the time that it begins.
    if (stage === 'begun') pass(rememberedFor)
    // Some more are counted into both, in conversations that were looked at.
    await Promise.all(plans(5).map(async plan => await negotiate(ask, users, plan)))
  })
  t.strictSame(stages, ['begun', 'counting', 'shown', 'removing'])
  // Those who don't know yet that it is shown count into both.
  await Promise.all(plans(5).map(async plan => await negotiate(ask, users, plan)))
  pass(rememberedFor)
  await Promise.all(plans(5).map(async plan => await negotiate(ask, users, plan)))
  trading.goesOn = false
  await all
  await settled()
  t.strictSame(await readFigures(app, 2), await expected(app))
})

t.test('one that died is begun again, and leaves nothing behind', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const ask = asking(app)
  await Promise.all(plans(20).map(async plan => await negotiate(ask, users, plan)))
  await settled(app, { asIfLater: true })
  await t.rejects(rebuildFigures(app, async ({ conversations }) => { if (conversations === 2) throw new Error('It died') }), { message: 'It died' })
  t.match(await stored(app), { current: 1, building: 2 })
  t.strictSame(await generationsLeft(app), ['1', '2'])
  // What happens now is counted into what was left behind as well.
  const again = await testApp(t, { env: { ANALYTICS: 'on', TABLE_NAME: app.config.TABLE_NAME } })
  await Promise.all(plans(5).map(async plan => await negotiate(ask, users, plan)))
  await settled(again, { asIfLater: true })
  t.strictSame(await readFigures(app), await expected(app))

  t.equal((await rebuildFigures(app)).generation, 3)
  t.strictSame(await readFigures(app, 3), await expected(app))
  t.strictSame(await generationsLeft(app), ['3'])
})

t.test('of two at once the one that began first ends, and the other is right', async t => {
  const app = await testApp(t)
  const ask = asking(app)
  await Promise.all(plans(20).map(async plan => await negotiate(ask, users, plan)))
  let second: Promise<unknown> | undefined
  await t.rejects(rebuildFigures(app, async ({ conversations }) => {
    if (conversations === 2) await (second ??= rebuildFigures(app))
  }), { message: /^Somebody else rebuilds as well/ })
  await second
  t.match(await stored(app), { current: 3, building: undefined })
  t.strictSame(await readFigures(app, 3), await expected(app))
})

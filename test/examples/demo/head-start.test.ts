import t from 'tap'
import { createClient, type TradeOffer } from 'equilux-chat-client'
import { cast, regular } from '../../../docs/examples/demo/cast.js'
import { headStart, type Trader } from '../../../docs/examples/demo/head-start.js'
import { listen } from '../../support/helper.js'
import { demoToken } from '../../support/demo.js'
import { appWithWebApp } from '../../routes/web-app/built-app.js'

t.test('somebody trades with everybody at once, within the limits of a server, and not twice on a day', async t => {
  // As everybody's server: who isn't answered has to wait, and nobody asks more often than people may.
  const baseUrl = await listen(await appWithWebApp(t, { env: { FIRST_CONTACT: 'replies', RATE_LIMIT_MAX: '600' } }))
  const trader = async (name: string, strategies: Trader['strategies']): Promise<Trader> => {
    const token = await demoToken(baseUrl, name)
    const { sub: userId } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub: string }
    return { userId, strategies, api: createClient({ baseUrl, token }) }
  }
  const nora = await trader(regular.name, [regular.sells, regular.buys])
  const others = await Promise.all(cast.map(async ({ name, strategy }) => await trader(name, [strategy])))
  await headStart(nora, others, Math.random)

  const offersOf = async ({ api }: Trader) => (await api.GET('/api/messages/trades', { params: { query: { limit: 100 } } })).data!.trades
  const offers = await offersOf(nora)
  const between = (one: TradeOffer, userId: string) => one.senderId === userId || one.receiverId === userId
  for (const { userId } of others) t.ok(offers.filter(offer => between(offer, userId)).length > 5, `with ${userId}`)
  const having = (...statuses: Array<TradeOffer['status']>) => offers.filter(({ status }) => statuses.includes(status))
  t.ok(having('accepted').length > others.length, 'most agree')
  t.equal(having('withdrawn').length, others.length)
  t.equal(having('pending', 'expired').length, others.length, 'what nobody answers runs out by itself')
  for (const { expiresAt, startTime } of having('pending').map(({ currentProposal }) => currentProposal)) {
    t.ok(Date.parse(expiresAt) < Date.now() + 60_000 && expiresAt < startTime)
  }
  t.ok(new Set(having('accepted').map(({ currentProposal }) => currentProposal.startTime.slice(0, 10))).size >= 5, 'deliveries are on many days')
  const sides = new Set(having('accepted').map(({ senderId, currentProposal: { tradeType } }) => (senderId === nora.userId) === (tradeType === 'sell') ? 'sold' : 'bought'))
  t.equal(sides.size, 2, 'on both sides')
  for (const other of others) t.ok((await offersOf(other)).some(offer => !between(offer, nora.userId)), 'the others trade with each other too')

  const before = offers.length
  await headStart(nora, others, Math.random)
  t.equal((await offersOf(nora)).length, before, 'a second start adds nothing')
})

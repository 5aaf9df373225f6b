import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createClient, type TradeOffer } from 'equilux-chat-client'
import { startCompany } from '../../../docs/examples/demo/company.js'
import { cast } from '../../../docs/examples/demo/cast.js'
import { listen } from '../../support/helper.js'
import { appWithWebApp } from '../../routes/web-app/built-app.js'

t.test('whoever signs in is greeted, gets offers and answers, and can haggle to a trade', async t => {
  const baseUrl = await listen(await appWithWebApp(t))
  const errors: unknown[] = []
  const [rosa, henrik] = cast
  const close = await startCompany({ baseUrl, cast: [rosa!, henrik!], pace: 0.01, random: () => 0.5, onError: error => { errors.push(error) } })
  t.teardown(close)
  const signedIn = await fetch(`${baseUrl}/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"Mia"}' })
  const { token, userId: me } = await signedIn.json() as { token: string, userId: string }
  const api = createClient({ baseUrl, token })
  const offers = async () => (await api.GET('/api/messages/trades')).data?.trades ?? []

  const [fromRosa] = await until(async () => {
    const open = await offers()
    return open.length === 2 ? open.filter(({ currentProposal }) => currentProposal.tradeType === 'sell') : undefined
  })
  const { messageId, senderId } = fromRosa as TradeOffer
  t.match(fromRosa, { status: 'pending', awaiting: me })
  const { data: page } = await api.GET('/api/messages/{userId}', { params: { path: { userId: senderId }, query: { order: 'asc' } } })
  t.match(page?.messages[0], { messageType: 'text', text: rosa!.greeting })

  // Lower than she agrees to: she counters until it is time to take what she says.
  const { limit, opening } = rosa!.strategy
  let standing: TradeOffer = fromRosa as TradeOffer
  for (let bid = limit - 2000; standing.status !== 'accepted' && standing.status !== 'rejected'; bid += 500) {
    const { revision, currentProposal: { pricePerUnit } } = standing
    const isFair = pricePerUnit * 100_000 < opening - 4000
    const { data } = await api.POST('/api/messages/trades/{messageId}/respond', {
      params: { path: { messageId } }, body: isFair ? { response: 'accept', revision } : { response: 'counter', revision, pricePerUnit: bid / 100_000 }
    })
    t.ok(data, 'the move is made')
    standing = (await until(async () => {
      const { data } = await api.GET('/api/messages/trades/{messageId}', { params: { path: { messageId } } })
      return data?.awaiting === senderId ? undefined : data
    })) as TradeOffer
  }
  t.equal(standing.status, 'accepted')
  t.ok(standing.currentProposal.pricePerUnit * 100_000 >= limit)
  t.ok(standing.revision > 2, 'it took some haggling')

  await api.POST('/api/messages/{userId}', { params: { path: { userId: senderId } }, body: { text: 'Do you have another offer?' } })
  await until(async () => (await offers()).filter(offer => offer.senderId === senderId).length === 2 || undefined)
  const { data: after } = await api.GET('/api/messages/{userId}', { params: { path: { userId: senderId } } })
  t.ok(after?.messages.some(message => message.messageType === 'text' && rosa!.lines.includes(message.text)), 'and she answers')
  t.same(errors, [])
})

/** Asks again and again until there is an answer. */
async function until<Answer> (ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
    const answer = await ask()
    if (answer !== undefined) return answer
  }
  throw new Error('It did not happen')
}

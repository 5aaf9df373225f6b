import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Message, MessagePage } from '../../../schemas/message.js'
import type { TradeOffer, TradeOfferWithHistory } from '../../../schemas/trade-offer.js'
import { cancelled, intercept, sdkFault } from '../../support/faults.js'
import { testApp, TestUser, type TestAppOptions } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { open, patiently, read, respond, standingOf, state, terms } from '../../support/trades.js'

/** How often everybody moves at once. */
const rounds = Number(process.env.TRADE_ROUNDS ?? 4)
/** How many conversations do so at the same time. */
const width = 2

async function twins (t: Test): Promise<[FastifyInstance, FastifyInstance]> {
  const app = await testApp(t)
  return [app, await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })]
}

async function timeline (user: TestUser, other: TestUser): Promise<Message[]> {
  return (await user.get(`/${other.id}?order=asc&limit=100`)).json<{ messages: Message[] }>().messages
}

/** What is stored of a negotiation: the offer, its timeline and the head of the conversation. */
async function stored ({ entities: { entities } }: FastifyInstance, { messageId, conversationId }: TradeOffer) {
  const [offer, messages, head] = await Promise.all([
    entities.tradeOffer.get({ messageId }).go({ consistent: true }),
    entities.message.query.timeline({ conversationId }).go({ consistent: true, pages: 'all' }),
    entities.conversation.get({ conversationId }).go({ consistent: true })
  ])
  return { offer: offer.data!, messages: messages.data, head: head.data! }
}

for (const instances of [1, 2]) {
  t.test(`of 200 moves at once on ${instances} instance${instances > 1 ? 's' : ''} exactly one wins, ${rounds} times`, async t => {
    const apps = instances === 1 ? [await testApp(t)] : await twins(t)
    const winners: Record<string, number> = {}
    for (let round = 0; round < rounds; round += width) {
      await Promise.all(Array.from({ length: Math.min(width, rounds - round) }, async (_, n) => await clash(t, apps, round + n, winners)))
    }
    t.comment(winners)
  })
}

async function clash (t: Test, apps: FastifyInstance[], round: number, winners: Record<string, number>) {
  const [alices, bobs] = ['alice', 'bob'].map(name => apps.map(app => new TestUser(app, `${name}-${round}`)))
  const [alice, bob] = [alices![0]!, bobs![0]!]
  const offer = await open(alice, bob)
  const counter = { response: 'counter', ...terms() }
  // Whose first request it is would be slower.
  await Promise.all([...alices!, ...bobs!].map(async user => await read(user, offer)))
  let unanswered = 0
  // Each kind comes first in turn.
  const kinds = ['accept', 'reject', 'counter', 'withdraw']
  const moves = Array.from({ length: 200 }, (_, n) => kinds[(n + round) % 4]!)
  const answers = await Promise.all(moves.map(async (response, n) => {
    const user = (response === 'withdraw' ? alices : bobs)![n % apps.length]!
    return await patiently(async () => {
      const answer = await respond(user, offer, response === 'counter' ? counter : { response })
      if (answer.statusCode === 503) unanswered++
      return answer
    })
  }))
  const tally: Record<number, number> = {}
  for (const { statusCode } of answers) tally[statusCode] = (tally[statusCode] ?? 0) + 1
  const current = await read(bob, offer)
  const action = current.negotiationHistory[1]!.action
  winners[action] = (winners[action] ?? 0) + 1
  // Where the answer to the winner was lost, its retry was refused as all others were.
  if (unanswered > 0 && tally[200] === undefined) t.same(tally, { 409: 200 }, `round ${round}`)
  else t.same(tally, { 200: 1, 409: 199 }, `round ${round}`)
  for (const [n, answer] of answers.entries()) {
    const offer = answer.statusCode === 200 ? standingOf(answer.json<TradeOfferWithHistory>()) : answer.json<{ offer: TradeOffer }>().offer
    if (!isDeepStrictEqual(offer, standingOf(current))) t.strictSame(offer, standingOf(current), `answer ${n}: everybody gets the offer as it is`)
    if (answer.statusCode === 200) t.equal(moves[n], action)
  }
  t.same(current.negotiationHistory.map(({ action }) => action), ['offer', action])
  const messages = await timeline(alice, bob)
  t.same(messages.map(({ seq }) => seq), [1, 2])
  t.match(messages[1], { messageType: 'tradeResponse', tradeResponse: { action } })
  t.equal((await alice.say(bob.id, 'next')).json<Message>().seq, 3)
}

t.test('moves of many negotiations and texts of one conversation at once all find their place', async t => {
  const apps = await twins(t)
  const [alices, bobs] = ['alice', 'bob'].map(name => apps.map(app => new TestUser(app, name))) as [TestUser[], TestUser[]]
  const offers = await Promise.all(Array.from({ length: 20 }, (_, n) => open(alices[n % 2]!, bobs[0]!)))
  const answers = await Promise.all(offers.flatMap((offer, n) => [
    patiently(() => respond(bobs[n % 2]!, offer, { response: 'accept' })),
    patiently(() => respond(alices[n % 2]!, offer, { response: 'withdraw' })),
    patiently(() => bobs[0]!.say('alice', `${n}`, { 'idempotency-key': `${n}` }))
  ]))
  t.equal(answers.filter(({ statusCode }) => statusCode === 200 || statusCode === 409).length, 40)
  t.equal(answers.filter(({ statusCode }) => statusCode === 201).length, 20)
  const messages = await timeline(bobs[0]!, alices[0]!)
  t.same(messages.map(({ seq }) => seq), Array.from({ length: 60 }, (_, n) => n + 1))
  const page = (await alices[0]!.get('/bob?limit=100')).json<MessagePage>()
  t.equal(page.offers.length, 20)
  t.ok(page.offers.every(({ awaiting }) => awaiting === null), 'each is closed')
})

t.test('faults', async t => {
  async function negotiation (t: Test, options: Pick<TestAppOptions, 'answerWithin'> = {}) {
    const app = await testApp(t, options)
    const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
    return { app, alice, bob, offer: await open(alice, bob) }
  }

  for (const codes of [
    ['None', 'None', 'TransactionConflict'], ['TransactionConflict', 'None', 'TransactionConflict'],
    ['None', 'None', 'ThrottlingError']
  ]) {
    t.test(`a move that is refused with ${codes.join(', ')} is tried again and made once`, async t => {
      const { app, alice, bob, offer } = await negotiation(t)
      const transactions = intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
        if (count < 3) throw cancelled(...codes)
        return await attempt()
      })
      const answered = await respond(bob, offer, { response: 'accept' })
      t.equal(answered.statusCode, 200)
      t.equal(transactions.count, 4)
      t.equal((await timeline(alice, bob)).length, 2)
      t.strictSame(await read(alice, offer), answered.json())
    })
  }

  for (const headers of [{}, { 'idempotency-key': 'k' }] as Array<Record<string, string>>) {
    const having = headers['idempotency-key'] === undefined ? 'without' : 'with'
    for (const [how, fault] of [
      ['whose answer is lost', sdkFault('TimeoutError')],
      ['that arrives late, after its retry met a conflict', cancelled('None', 'None', 'TransactionConflict', 'TransactionConflict')]
    ] as const) {
      t.test(`a commit ${how} is one move, ${having} an Idempotency-Key`, async t => {
        const { app, alice, bob, offer } = await negotiation(t)
        for (const body of [{ response: 'counter', ...terms() }, { response: 'accept', revision: 2 }]) {
          intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
            const answer = await attempt()
            if (count > 0) return answer
            throw fault
          })
          const key: Record<string, string> = headers['idempotency-key'] === undefined ? {} : { 'idempotency-key': body.response }
          const answered = await respond(body.response === 'accept' ? alice : bob, offer, body, key)
          t.equal(answered.statusCode, 200, answered.body)
          t.equal(answered.headers['idempotent-replayed'], undefined, 'it is the first answer')
          t.strictSame(await read(alice, offer), answered.json(), 'what was answered is what is stored')
        }
        t.same((await timeline(alice, bob)).map(({ seq }) => seq), [1, 2, 3])
      })
    }

    t.test(`an opening whose answer is lost is one offer, ${having} an Idempotency-Key`, async t => {
      const { app, alice, bob } = await negotiation(t)
      intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
        const answer = await attempt()
        if (count > 0) return answer
        throw sdkFault('TimeoutError')
      })
      const opened = await alice.post('/bob', { messageType: 'tradeOffer', ...terms() }, headers)
      t.equal(opened.statusCode, 201)
      t.strictSame((await timeline(alice, bob))[1], opened.json())
      t.equal((await timeline(alice, bob)).length, 2)
    })
  }

  t.test('of two instances the one whose commit is lost wins, and the other is refused', async t => {
    const [app, other] = await twins(t)
    const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
    const offer = await open(alice, bob)
    let late: Promise<unknown> | undefined
    intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
      const answer = await attempt()
      if (count > 0) return answer
      late = respond(new TestUser(other, 'alice'), offer, { response: 'withdraw' }).then(response => refused(t, response, 'trade_closed'))
      await late
      throw sdkFault('TimeoutError')
    })
    t.match((await respond(bob, offer, { response: 'accept' })).json(), { status: 'accepted' })
    t.equal((await timeline(alice, bob)).length, 2)
  })

  t.test('a move that another instance was faster than is refused with what is there now', async t => {
    const [app, other] = await twins(t)
    const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
    const offer = await open(alice, bob)
    const better = terms({ pricePerUnit: 0.01 })
    intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
      if (count === 0) await respond(new TestUser(other, 'bob'), offer, { response: 'counter', ...better })
      return await attempt()
    })
    const problem = refused(t, await respond(bob, offer, { response: 'accept' }), 'stale_revision')
    t.match(problem.offer, { revision: 2, status: 'countered', currentProposal: { pricePerUnit: 0.01 } })
    t.strictSame(await state(alice, offer), problem.offer)
  })

  t.test('offer, timeline and head change together or not at all', async t => {
    const { app, alice, bob, offer } = await negotiation(t, { answerWithin: 8000 })
    const body = { response: 'counter', ...terms(), text: 'lost' }
    const before = await stored(app, offer)
    t.match(before, { offer: { version: 1 }, messages: [{ seq: 1 }], head: { seq: 1 } })
    for (const [statusCode, ...codes] of [
      [503, 'None', 'None', 'TransactionConflict'], [503, 'None', 'None', 'ThrottlingError'],
      [500, 'ValidationError', 'None', 'None'], [500, 'None', 'ValidationError', 'None'], [500, 'None', 'None', 'ValidationError']
    ] as const) {
      const transactions = intercept(t, app, 'TransactWriteItems', async () => { throw cancelled(...codes) })
      t.equal((await respond(bob, offer, body)).statusCode, statusCode, codes.join())
      transactions.remove()
      t.strictSame(await stored(app, offer), before, codes.join())
    }
    for (const name of ['TimeoutError', 'InternalServerError']) {
      const transactions = intercept(t, app, 'TransactWriteItems', async () => { throw sdkFault(name, name === 'TimeoutError' ? undefined : 500) })
      t.equal((await respond(bob, offer, body)).statusCode, 503, name)
      t.equal((await alice.post('/bob', { messageType: 'tradeOffer', ...terms() })).statusCode, 503, name)
      transactions.remove()
      t.strictSame(await stored(app, offer), before, name)
    }
    t.equal((await respond(bob, offer, { ...body, text: 'made' })).statusCode, 200)
    t.match(await stored(app, offer), {
      offer: { version: 2, status: 'countered' }, messages: [{ seq: 1 }, { seq: 2, text: 'made' }], head: { seq: 2, lastMessage: { text: 'made' } }
    })
  })
})

import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import type { Conversation } from '../../schemas/conversation.js'
import type { Message, MessagePage, TradeOfferMessage } from '../../schemas/message.js'
import type { TradeOffer, TradeOfferWithHistory } from '../../schemas/trade-offer.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { listed } from '../support/lists.js'
import { refused } from '../support/problem.js'
import { day, later, open, opening, patiently, read, respond, standingOf, state, terms } from '../support/trades.js'

async function parties (t: Test, env?: Record<string, string>) {
  const app = await testApp(t, { env })
  return { app, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob'), carol: new TestUser(app, 'carol') }
}

async function watched (t: Test) {
  const all = await parties(t)
  const url = await listen(all.app)
  return { ...all, sockets: [await TestSocket.open(t, url, all.alice), await TestSocket.open(t, url, all.bob)] as const }
}

async function timeline (user: TestUser, other: string): Promise<Message[]> {
  return (await user.get(`/${other}?order=asc&limit=100`)).json<{ messages: Message[] }>().messages
}

/** What a user's socket was told of negotiations, in order. */
async function told (socket: TestSocket) {
  await socket.settle()
  return socket.received.flatMap<{ offer: TradeOffer, message: Message }>(frame => {
    if (frame.type === 'tradeResponse') return [frame.data]
    return frame.type === 'newMessage' && frame.data.messageType === 'tradeOffer' ? [{ offer: frame.data.tradeOffer, message: frame.data }] : []
  })
}

t.test('opening', async t => {
  t.test('an offer is answered as both see it live and will read it', async t => {
    const { alice, bob, sockets } = await watched(t)
    const before = Date.now()
    const startTime = later(day)
    const response = await alice.post('/bob', { ...opening({ startTime }), text: 'from my roof' })
    t.equal(response.statusCode, 201)
    const message = response.json<TradeOfferMessage>()
    const { messageId, timestamp } = message
    const proposal = {
      pricePerUnit: 0.27,
      currency: 'EUR',
      totalAmount: 12.5,
      totalPrice: '3.375',
      startTime,
      tradeType: 'sell',
      expiresAt: startTime,
      proposedBy: 'alice'
    }
    const offer = {
      messageId,
      conversationId: 'alice~bob',
      senderId: 'alice',
      receiverId: 'bob',
      status: 'pending',
      revision: 1,
      awaiting: 'bob',
      currentProposal: proposal,
      createdAt: timestamp,
      updatedAt: timestamp
    }
    t.strictSame(message, {
      messageId,
      conversationId: 'alice~bob',
      seq: 1,
      senderId: 'alice',
      receiverId: 'bob',
      timestamp,
      messageType: 'tradeOffer',
      text: 'from my roof',
      tradeOffer: offer
    })
    t.ok(Date.parse(timestamp) >= before && Date.parse(timestamp) <= Date.now())
    for (const socket of sockets) t.strictSame((await socket.next('newMessage')).data, message)
    t.strictSame(listed((await bob.get('/alice')).json<MessagePage>()), { messages: [message], offers: [offer], nextPageToken: null })
    for (const user of [alice, bob]) {
      t.strictSame(await read(user, offer), {
        ...offer,
        negotiationHistory: [{ revision: 1, action: 'offer', userId: 'alice', at: timestamp, seq: 1, terms: proposal, text: 'from my roof' }]
      })
    }
  })

  t.test('every term comes back as it was given, in UTC', async t => {
    const { alice, bob } = await parties(t)
    const year = new Date().getUTCFullYear() + 2
    const given = {
      pricePerUnit: 0.57,
      currency: 'JPY',
      totalAmount: 1.005,
      startTime: `${year}-06-01T12:00:00.5+02:00`,
      endTime: `${year}-06-01t14:00:00z`,
      expiresAt: `${year}-05-31T23:59:59.999999Z`,
      tradeType: 'buy'
    }
    const { currentProposal } = await open(alice, bob, given)
    t.strictSame(currentProposal, {
      ...given,
      totalPrice: '0.57285',
      startTime: `${year}-06-01T10:00:00.500Z`,
      endTime: `${year}-06-01T14:00:00.000Z`,
      expiresAt: `${year}-05-31T23:59:59.999Z`,
      proposedBy: 'alice'
    })
  })

  t.test('terms without a currency are in the server\'s', async t => {
    const { alice, bob } = await parties(t, { DEFAULT_CURRENCY: 'CHF' })
    t.equal((await open(alice, bob)).currentProposal.currency, 'CHF')
    t.equal((await open(alice, bob, { currency: 'NOK' })).currentProposal.currency, 'NOK')
  })

  t.test('the bounds of the terms are allowed', async t => {
    const { alice, bob } = await parties(t)
    for (const different of [
      { pricePerUnit: 0.00001, totalAmount: 0.001 }, { pricePerUnit: 1_000_000, totalAmount: 1e9 },
      { pricePerUnit: 999999.99999, totalAmount: 999999999.999 }, { startTime: later(5 * 365 * day), endTime: later(5 * 365 * day + 1) }
    ]) {
      const { currentProposal } = await open(alice, bob, different)
      t.match(currentProposal, different)
      t.notMatch(currentProposal.totalPrice, /e/)
    }
  })

  t.test('an offer needs another user', async t => {
    const { alice } = await parties(t)
    refused(t, await alice.post('/alice', opening()), 'self_conversation')
    refused(t, await alice.post('/sync', opening()), 'reserved_user_id')
  })
})

/** Terms that are refused, and the property that is blamed. */
function faulty () {
  const startTime = later(day)
  return Object.entries({
    'a price of 0': ['pricePerUnit', { pricePerUnit: 0 }],
    'a price of -0': ['pricePerUnit', { pricePerUnit: -0 }],
    'a price below 0': ['pricePerUnit', { pricePerUnit: -1 }],
    'a price above the bound': ['pricePerUnit', { pricePerUnit: 1_000_000.00001 }],
    'a price of 6 decimals': ['pricePerUnit', { pricePerUnit: 0.123456 }],
    'a price of 0.1 + 0.2': ['pricePerUnit', { pricePerUnit: 0.1 + 0.2 }],
    'a price of 1e-7': ['pricePerUnit', { pricePerUnit: 1e-7 }],
    'a price of 1e21': ['pricePerUnit', { pricePerUnit: 1e21 }],
    'a price as a text': ['pricePerUnit', { pricePerUnit: '0.27' }],
    'a price of null': ['pricePerUnit', { pricePerUnit: null }],
    'no price': ['', { pricePerUnit: undefined }],
    'an amount of 0': ['totalAmount', { totalAmount: 0 }],
    'an amount above the bound': ['totalAmount', { totalAmount: 1_000_000_000.001 }],
    'an amount of 4 decimals': ['totalAmount', { totalAmount: 0.0001 }],
    'an amount as a text': ['totalAmount', { totalAmount: '12' }],
    'no amount': ['', { totalAmount: undefined }],
    'an unknown currency': ['currency', { currency: 'XYZ' }],
    'a currency in lower case': ['currency', { currency: 'eur' }],
    'a sign for a currency': ['currency', { currency: '€' }],
    'a currency of null': ['currency', { currency: null }],
    'no start': ['', { startTime: undefined }],
    'a start in the past': ['startTime', { startTime: later(-1) }],
    'a start in 6 years': ['startTime', { startTime: later(6 * 365 * day) }],
    'a start that is a day': ['startTime', { startTime: startTime.slice(0, 10) }],
    'a start without a zone': ['startTime', { startTime: startTime.slice(0, -1) }],
    'a start that is a number': ['startTime', { startTime: Date.now() + day }],
    'a start on 30 February': ['startTime', { startTime: `${new Date().getUTCFullYear() + 1}-02-30T12:00:00Z` }],
    'a start in a leap second': ['startTime', { startTime: `${new Date().getUTCFullYear() + 1}-06-30T23:59:60Z` }],
    'an end at the start': ['endTime', { startTime, endTime: startTime }],
    'an end before the start': ['endTime', { startTime, endTime: later(day / 2) }],
    'an end in 6 years': ['endTime', { endTime: later(6 * 365 * day) }],
    'an end that is a word': ['endTime', { endTime: 'tomorrow' }],
    'an expiry in the past': ['expiresAt', { expiresAt: later(-1) }],
    'an expiry after the start': ['expiresAt', { startTime, expiresAt: new Date(Date.parse(startTime) + 1).toISOString() }],
    'an expiry that is a word': ['expiresAt', { expiresAt: 'never' }],
    'an unknown trade type': ['tradeType', { tradeType: 'lend' }],
    'a total price': ['', { totalPrice: '1' }],
    'a proposer': ['', { proposedBy: 'bob' }]
  } satisfies Record<string, [string, object]>)
}

t.test('terms that are not in order are refused, and the property is named', async t => {
  const { alice, bob } = await parties(t)
  const offer = await open(alice, bob)
  for (const [name, [property, different]] of faulty()) {
    const isMissing = Object.values(different)[0] === undefined
    for (const [where, response] of [
      ['an opening', await alice.post('/bob', opening(different))],
      // What a counter leaves out is carried over.
      ...isMissing ? [] : [['a counter', await respond(bob, offer, { response: 'counter', ...terms(different) })]] as const
    ] as const) {
      const path = property === '' ? '' : `/${property}`
      const { errors = [] } = refused(t, response, 'validation_failed', `${name} in ${where}`)
      t.same([...new Set(errors.map(({ path }) => path))], [path], `${name}: ${JSON.stringify(errors)}`)
      if (property === '') t.match(errors[0]?.message, new RegExp(Object.keys(different)[0]!), name)
    }
  }
  t.strictSame(await state(alice, offer), offer)
  t.equal((await timeline(alice, 'bob')).length, 1, 'nothing was written')
})

t.test('a union is judged by the branch that the body names', async t => {
  const { alice, bob } = await parties(t)
  const offer = await open(alice, bob)
  const counter = { response: 'counter', ...terms() }
  const cases: Array<[object, Array<{ path: string, message: RegExp }>]> = [
    [{}, [{ path: '', message: /response/ }]],
    [{ revision: 1 }, [{ path: '', message: /response/ }]],
    [{ response: 'agree' }, [{ path: '/response', message: /accept, reject, counter, withdraw/ }]],
    [{ response: null }, [{ path: '/response', message: /accept/ }]],
    [{ response: 'counter' }, [{ path: '', message: /^must have at least one of the properties pricePerUnit, totalAmount, startTime, / }]],
    [{ response: 'counter', revision: 1, text: 'cheaper!' }, [{ path: '', message: /^must have at least one of the properties pricePerUnit/ }]],
    [{ ...counter, counterOffer: terms() }, [{ path: '', message: /counterOffer/ }]],
    [{ response: 'accept', pricePerUnit: 0.1 }, [{ path: '', message: /pricePerUnit/ }]],
    [{ response: 'reject', startTime: later(day) }, [{ path: '', message: /startTime/ }]],
    [{ response: 'withdraw', tradeType: 'sell' }, [{ path: '', message: /tradeType/ }]],
    [{ pricePerUnit: 0.1 }, [{ path: '', message: /required property 'response'/ }]],
    ...['accept', 'reject', 'withdraw', 'counter'].flatMap<[object, Array<{ path: string, message: RegExp }>]>(response => {
      const body = response === 'counter' ? counter : { response }
      return [
        [{ ...body, color: 'red' }, [{ path: '', message: /color/ }]],
        [{ ...body, revision: '1' }, [{ path: '/revision', message: /integer/ }]],
        [{ ...body, revision: 0 }, [{ path: '/revision', message: />= 1/ }]],
        [{ ...body, revision: 51 }, [{ path: '/revision', message: /<= 50/ }]],
        [{ ...body, revision: 1.5 }, [{ path: '/revision', message: /integer/ }]],
        [{ ...body, text: '' }, [{ path: '/text', message: /1 char/ }]],
        [{ ...body, text: 'x'.repeat(4001) }, [{ path: '/text', message: /4000/ }]],
        [{ ...body, text: 5 }, [{ path: '/text', message: /string/ }]]
      ]
    })
  ]
  for (const [body, expected] of cases) {
    const { errors } = refused(t, await respond(bob, offer, body), 'validation_failed', JSON.stringify(body).slice(0, 60))
    t.match(errors, expected, JSON.stringify(body).slice(0, 60))
    t.equal(errors?.length, expected.length)
  }
  const withoutType = /^must have required property 'messageType'$/
  for (const [body, message] of [
    [{ messageType: 'tradeOffer', text: 'hello', totalAmount: 1, startTime: later(day) }, /pricePerUnit/],
    [{ text: 'hello', tradeOffer: terms() }, /tradeOffer/],
    [{ text: 'hello', ...terms() }, withoutType],
    [terms(), withoutType],
    [{ expiresAt: 5 }, withoutType],
    [{ text: 5, currency: 'EUR', color: 'red' }, withoutType],
    [{ messageType: 'text', text: 'hello', currency: 'EUR' }, /must NOT have additional properties: currency/],
    [{ ...opening(), tradeOffer: terms() }, /tradeOffer/],
    [{ ...opening(), color: 'red' }, /color/]
  ] as const) {
    const { errors } = refused(t, await alice.post('/bob', body), 'validation_failed')
    t.match(errors, [{ path: '', message }])
    t.equal(errors?.length, 1)
  }
  t.strictSame(await state(alice, offer), offer)
})

t.test('a negotiation', async t => {
  t.test('offer, counter, counter, accept: both see the same states in the same order', async t => {
    const { alice, bob, sockets } = await watched(t)
    const offer = await open(alice, bob)
    const states = [offer]
    const answers: TradeOfferWithHistory[] = []
    for (const [user, body, expected] of [
      [bob, { response: 'counter', ...terms({ pricePerUnit: 0.2 }), text: 'too dear' },
        { status: 'countered', revision: 2, awaiting: 'alice', currentProposal: { pricePerUnit: 0.2, totalPrice: '2.5', proposedBy: 'bob' } }],
      [alice, { response: 'counter', revision: 2, ...terms({ pricePerUnit: 0.25 }) },
        { status: 'countered', revision: 3, awaiting: 'bob', currentProposal: { pricePerUnit: 0.25, totalPrice: '3.125', proposedBy: 'alice' } }],
      [bob, { response: 'accept', revision: 3, text: 'Deal!' },
        { status: 'accepted', revision: 3, awaiting: null, currentProposal: { pricePerUnit: 0.25, proposedBy: 'alice' } }]
    ] as const) {
      const response = await respond(user, offer, body)
      t.equal(response.statusCode, 200, response.body)
      t.match(response.json(), expected)
      answers.push(response.json())
      states.push(standingOf(response.json()))
      for (const party of [alice, bob]) t.strictSame(await read(party, offer), response.json())
    }
    const [ofAlice, ofBob] = [await told(sockets[0]), await told(sockets[1])]
    t.strictSame(ofAlice.map(({ offer }) => offer), states)
    t.strictSame(ofBob, ofAlice)

    const last = answers.at(-1)!
    t.strictSame(last.negotiationHistory.map(({ terms, at, ...move }) => ({ ...move, price: terms?.pricePerUnit })), [
      { revision: 1, action: 'offer', userId: 'alice', seq: 1, price: 0.27 },
      { revision: 2, action: 'counter', userId: 'bob', seq: 2, text: 'too dear', price: 0.2 },
      { revision: 3, action: 'counter', userId: 'alice', seq: 3, price: 0.25 },
      { revision: 3, action: 'accept', userId: 'bob', seq: 4, text: 'Deal!', price: undefined }
    ])
    for (const [n, answer] of answers.entries()) t.strictSame(answer.negotiationHistory, last.negotiationHistory.slice(0, n + 2))

    const messages = await timeline(alice, 'bob')
    t.strictSame(messages, ofAlice.map(({ message }) => message), 'a message is the same wherever it is shown')
    const { offers } = (await alice.get('/bob')).json<MessagePage>()
    t.strictSame(offers, [standingOf(last)], 'the offer is beside them once, as it is now')
    t.strictSame(
      messages.map(message => message.messageType === 'tradeResponse' ? message.tradeResponse.terms : undefined),
      [undefined, states[1]!.currentProposal, states[2]!.currentProposal, undefined], 'a counter has its own terms'
    )
    t.notOk(messages.some(message => message.messageType !== 'tradeOffer' && 'tradeOffer' in message))
    t.match(messages, [
      { seq: 1, senderId: 'alice', messageType: 'tradeOffer', messageId: offer.messageId },
      { seq: 2, senderId: 'bob', text: 'too dear', tradeResponse: { offerId: offer.messageId, action: 'counter', revision: 2 } },
      { seq: 3, senderId: 'alice', tradeResponse: { action: 'counter', revision: 3 } },
      { seq: 4, senderId: 'bob', receiverId: 'alice', text: 'Deal!', tradeResponse: { action: 'accept', revision: 3 } }
    ])
    t.strictSame(messages.map(({ timestamp }) => timestamp), last.negotiationHistory.map(({ at }) => at))
    t.strictSame(await timeline(bob, 'alice'), messages)
  })

  for (const [response, status, mover] of [['reject', 'rejected', 'bob'], ['withdraw', 'withdrawn', 'alice'], ['accept', 'accepted', 'bob']] as const) {
    t.test(`an offer to which the response is ${response} is ${status}`, async t => {
      const { alice, bob } = await parties(t)
      const offer = await open(alice, bob)
      const answered = await respond(mover === 'bob' ? bob : alice, offer, { response })
      t.match(answered.json(), { status, revision: 1, awaiting: null, negotiationHistory: [{ action: 'offer' }, { action: response, userId: mover }] })
      for (const user of [alice, bob]) {
        for (const again of ['accept', 'reject', 'withdraw']) {
          t.strictSame(refused(t, await respond(user, offer, { response: again }), 'trade_closed').offer, standingOf(answered.json()))
        }
        refused(t, await respond(user, offer, { response: 'counter', ...terms() }), 'trade_closed')
      }
    })
  }

  t.test('a counter keeps the currency and the trade type, and may name another currency', async t => {
    const { alice, bob } = await parties(t)
    const offer = await open(alice, bob, { currency: 'NOK', tradeType: 'buy' })
    const counter = async (user: TestUser, revision: number, different: object) =>
      await respond(user, offer, { response: 'counter', revision, ...terms(different) })
    t.match((await counter(bob, 1, {})).json(), { currentProposal: { currency: 'NOK', tradeType: 'buy' } })
    t.match((await counter(alice, 2, { currency: 'SEK', tradeType: 'buy' })).json(), { currentProposal: { currency: 'SEK' } })
    t.match((await counter(bob, 3, {})).json(), { currentProposal: { currency: 'SEK' } })
    const { errors } = refused(t, await counter(alice, 4, { tradeType: 'sell' }), 'validation_failed')
    t.match(errors, [{ path: '/tradeType', message: 'can\'t change in a negotiation' }])
  })

  t.test('the history keeps the first 100 code points of a text, the timeline all of them', async t => {
    const { alice, bob } = await parties(t)
    const text = '🌞'.repeat(4000)
    const message = (await alice.post('/bob', { ...opening(), text })).json<TradeOfferMessage>()
    t.equal(message.text, text)
    const answered = (await respond(bob, message, { response: 'reject', text })).json<TradeOfferWithHistory>()
    t.same(answered.negotiationHistory.map(({ text }) => text), ['🌞'.repeat(100), '🌞'.repeat(100)])
    t.ok((await timeline(alice, 'bob')).every(message => message.text === text))
  })

  t.test('moves are the last messages of the conversation and count as unread', async t => {
    const { alice, bob } = await parties(t)
    const seen = async (user: TestUser) => {
      const [conversation] = (await user.get('/conversations')).json<{ conversations: Conversation[] }>().conversations
      return { unread: conversation!.unreadCount, ...conversation!.lastMessage }
    }
    const offer = (await alice.post('/bob', { ...opening(), text: 'look' })).json<TradeOfferMessage>()
    t.match(await seen(bob), { unread: 1, seq: 1, senderId: 'alice', messageType: 'tradeOffer', text: 'look', action: 'offer', revision: 1 })
    t.match(await seen(alice), { unread: 0, seq: 1 })
    await respond(bob, offer, { response: 'counter', ...terms() })
    t.match(await seen(alice), { unread: 1, seq: 2, senderId: 'bob', messageType: 'tradeResponse', text: '', action: 'counter', revision: 2 })
    await respond(alice, offer, { response: 'reject', revision: 2, text: 'no' })
    t.match(await seen(bob), { unread: 2, seq: 3, senderId: 'alice', messageType: 'tradeResponse', text: 'no', action: 'reject', revision: 2 })
    await bob.post('/conversations/alice/read', { seq: 3 })
    t.match(await seen(bob), { unread: 0 })
  })

  t.test('50 revisions, and not 51', async t => {
    const { alice, bob } = await parties(t)
    const offer = await open(alice, bob)
    const counter = async (revision: number) =>
      await respond(revision % 2 === 1 ? bob : alice, offer, { response: 'counter', revision, ...terms(), text: '🌞'.repeat(100) })
    for (let revision = 1; revision < 50; revision++) t.equal((await counter(revision)).statusCode, 200)
    const current = await read(alice, offer)
    t.match(current, { revision: 50, status: 'countered', awaiting: 'alice' })
    t.strictSame(refused(t, await counter(50), 'too_many_revisions').offer, standingOf(current))
    t.equal((await alice.get('/bob?limit=100')).statusCode, 200)
    t.match((await respond(alice, offer, { response: 'accept', revision: 50 })).json(), { status: 'accepted', revision: 50 })
  })
})

t.test('refusals', async t => {
  t.test('a stranger can\'t tell an offer from none', async t => {
    const { alice, bob, carol } = await parties(t)
    const offer = await open(alice, bob)
    for (const { messageId } of [offer, { messageId: randomUUID() }]) {
      refused(t, await carol.get(`/trades/${messageId}`), 'trade_not_found')
      for (const body of [{ response: 'accept' }, { response: 'withdraw', revision: 7 }, { response: 'counter', ...terms() }]) {
        const problem = refused(t, await respond(carol, { messageId }, body, { 'idempotency-key': randomUUID() }), 'trade_not_found')
        t.notOk('offer' in problem)
      }
    }
    refused(t, await alice.get(`/trades/${randomUUID()}`), 'trade_not_found')
    refused(t, await alice.get(`/trades/${offer.messageId.toUpperCase()}`), 'trade_not_found')
    t.strictSame(await state(alice, offer), offer)
  })

  t.test('a text is no trade offer', async t => {
    const { alice } = await parties(t)
    const { messageId } = (await alice.say('bob', 'hello')).json<Message>()
    refused(t, await alice.get(`/trades/${messageId}`), 'trade_not_found')
    refused(t, await respond(alice, { messageId }, { response: 'accept' }), 'trade_not_found')
  })

  t.test('an id that is malformed is invalid', async t => {
    const { alice } = await parties(t)
    for (const messageId of ['x', '1', `${randomUUID()}0`, randomUUID().slice(1), 'a%23b', '%00', 'null']) {
      refused(t, await alice.get(`/trades/${messageId}`), 'validation_failed', messageId)
      refused(t, await respond(alice, { messageId }, { response: 'accept' }), 'validation_failed', messageId)
    }
  })

  t.test('a party out of turn is refused, with the offer', async t => {
    const { alice, bob } = await parties(t)
    const offer = await open(alice, bob)
    for (const [user, body] of [
      [alice, { response: 'accept' }], [alice, { response: 'reject' }], [alice, { response: 'counter', ...terms() }],
      [bob, { response: 'withdraw' }]
    ] as const) t.strictSame(refused(t, await respond(user, offer, body), 'out_of_turn').offer, offer)
    t.strictSame(await state(alice, offer), offer)
    t.equal((await timeline(alice, 'bob')).length, 1)
  })

  t.test('a revision other than the open one is stale, with the offer as it is', async t => {
    const { alice, bob } = await parties(t)
    const offer = await open(alice, bob)
    const countered = standingOf((await respond(bob, offer, { response: 'counter', ...terms() })).json())
    for (const revision of [undefined, 1, 3, 50]) {
      for (const user of [alice, bob]) {
        for (const response of ['accept', 'reject', 'withdraw']) {
          t.strictSame(refused(t, await respond(user, offer, { response, revision }), 'stale_revision').offer, countered)
        }
      }
    }
    t.strictSame(await state(bob, offer), countered)
  })

  t.test('they come in order: stranger, closed or stale, out of turn', async t => {
    const { alice, bob, carol } = await parties(t)
    const offer = await open(alice, bob)
    refused(t, await respond(carol, offer, { response: 'accept', revision: 2 }), 'trade_not_found')
    refused(t, await respond(alice, offer, { response: 'accept', revision: 2 }), 'stale_revision')
    refused(t, await respond(alice, offer, { response: 'accept' }), 'out_of_turn')
    await respond(bob, offer, { response: 'reject' })
    refused(t, await respond(carol, offer, { response: 'accept' }), 'trade_not_found')
    refused(t, await respond(alice, offer, { response: 'accept', revision: 2 }), 'trade_closed')
    refused(t, await respond(alice, offer, { response: 'accept' }), 'trade_closed')
  })

  t.test('nobody is told of a refused move', async t => {
    const { alice, bob, sockets } = await watched(t)
    const offer = await open(alice, bob)
    await respond(alice, offer, { response: 'accept' })
    await respond(bob, offer, { response: 'accept', revision: 2 })
    for (const socket of sockets) t.equal((await told(socket)).length, 1)
  })
})

t.test('Idempotency-Key', async t => {
  const key = () => ({ 'idempotency-key': randomUUID() })

  t.test('a key that has expired is forgotten, also where it is not deleted yet', async t => {
    const { alice, bob } = await watched(t)
    const offer = await open(alice, bob)
    const headers = key()
    t.equal((await respond(bob, offer, { response: 'accept' }, headers)).statusCode, 200)
    const { idempotencyKey } = alice.app.entities.entities
    await idempotencyKey.patch({ userId: 'bob', key: headers['idempotency-key'] }).set({ ttl: Math.floor(Date.now() / 1000) - 1 }).go()
    refused(t, await respond(bob, offer, { response: 'accept' }, headers), 'trade_closed')
  })

  t.test('a repeated opening returns the offer as it was opened', async t => {
    const { alice, bob, sockets } = await watched(t)
    const headers = key()
    const body = opening()
    const first = await alice.post('/bob', body, headers)
    await respond(bob, first.json(), { response: 'accept' })
    for (let n = 0; n < 2; n++) {
      const again = await alice.post('/bob', body, headers)
      t.equal(again.statusCode, 201)
      t.equal(again.headers['idempotent-replayed'], 'true')
      t.equal(again.body, first.body)
    }
    refused(t, await alice.post('/bob', { ...body, text: 'more' }, headers), 'idempotency_key_reused')
    refused(t, await alice.post('/bob', opening({ pricePerUnit: 0.28 }), headers), 'idempotency_key_reused')
    refused(t, await alice.say('bob', 'hello', headers), 'idempotency_key_reused')
    t.equal((await timeline(alice, 'bob')).length, 2)
    t.equal((await told(sockets[1])).length, 2, 'nobody gets a replay twice')
  })

  t.test('a repeated move returns the offer as the move left it, though the negotiation went on', async t => {
    const { alice, bob, sockets } = await watched(t)
    const offer = await open(alice, bob)
    const headers = key()
    const body = { response: 'counter', ...terms() }
    const first = await respond(bob, offer, body, headers)
    t.equal(first.headers['idempotent-replayed'], undefined)
    await alice.say('bob', 'hm')
    await respond(alice, offer, { response: 'accept', revision: 2 })
    const again = await respond(bob, offer, body, headers)
    t.equal(again.statusCode, 200)
    t.equal(again.headers['idempotent-replayed'], 'true')
    t.equal(again.body, first.body)
    for (const other of [{ response: 'reject' }, { ...body, text: 'more' }, { ...body, revision: 2 }]) {
      refused(t, await respond(bob, offer, other, headers), 'idempotency_key_reused')
    }
    refused(t, await respond(bob, await open(alice, bob), body, headers), 'idempotency_key_reused', 'another offer')
    t.equal((await timeline(alice, 'bob')).length, 5)
    t.equal((await told(sockets[0])).length, 4)
  })

  t.test('a refused move does not use up its key', async t => {
    const { alice, bob } = await parties(t)
    const offer = await open(alice, bob)
    const headers = key()
    refused(t, await respond(bob, offer, { response: 'accept', revision: 2 }, headers), 'stale_revision')
    t.equal((await respond(bob, offer, { response: 'reject' }, headers)).statusCode, 200)
  })

  for (const instances of [1, 2]) {
    t.test(`20 concurrent responses with one key on ${instances} instance${instances > 1 ? 's' : ''} are one move`, async t => {
      const { app, alice, bob } = await parties(t)
      const bobs = [bob]
      if (instances === 2) bobs.push(new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'bob'))
      for (const body of [{ response: 'accept' }, { response: 'counter', ...terms() }]) {
        const offer = await open(alice, bob)
        const headers = key()
        const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => patiently(() => respond(bobs[n % instances]!, offer, body, headers))))
        t.same(answers.map(({ statusCode }) => statusCode), answers.map(() => 200))
        t.equal(new Set(answers.map(({ body }) => body)).size, 1)
        t.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1)
        t.equal((await read(alice, offer)).negotiationHistory.length, 2)
      }
      t.equal((await timeline(alice, 'bob')).length, 4)
    })
  }
})

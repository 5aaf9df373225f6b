import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Message } from '../../../schemas/message.js'
import { pairOf } from '../../../src/services/messaging/pair.js'
import { testApp, TestUser } from '../../support/helper.js'
import { until } from '../../support/live.js'

t.test('of what 64 at a time send while one is blocked, by two instances, nothing is acknowledged that isn\'t there when the block is', async t => {
  const app = await testApp(t)
  const there = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  for (const [round, isFirst] of [true, false].entries()) {
    const [aliceId, bobId] = [`alice-${round}`, `bob-${round}`]
    const [alice, bob, bobThere] = [new TestUser(app, aliceId), new TestUser(app, bobId), new TestUser(there, bobId)]
    // A first message looks for the block in another way than those of a running conversation.
    if (!isFirst) for (const user of [bob, bobThere]) t.equal((await user.say(aliceId, 'hello')).statusCode, 201)
    const { conversationId } = pairOf(aliceId, bobId)
    const seqNow = async () => (await app.entities.direct.conversation.get({ conversationId }, { consistent: true }))?.seq ?? 0
    let isBlocked = false
    let late = 0
    const send = async (n: number) => {
      const answer = await (n % 2 === 0 ? bob : bobThere).say(aliceId, `message ${n}`)
      if (isBlocked && answer.statusCode === 201) late++
      return answer
    }
    const answers: Awaited<ReturnType<typeof send>>[] = []
    // Each goes on until it is refused, so that the block comes in between however slow it is.
    const sends = Array.from({ length: 64 }, async (_, n) => {
      for (let refused = false, left = 100; !refused && left > 0; left--) {
        const answer = await send(n)
        answers.push(answer)
        refused = answer.statusCode !== 201
      }
    })
    await until('some are acknowledged', () => answers.length > 8 * round)
    t.equal((await alice.put(`/blocks/${bobId}`)).statusCode, 204)
    isBlocked = true
    const last = await seqNow()
    await Promise.all(sends)
    const later = await Promise.all([send(64), send(65)])
    const acknowledged = answers.filter(({ statusCode }) => statusCode === 201).map(answer => answer.json<Message>().seq)
    t.equal(await seqNow(), last, 'nothing is appended after the block\'s answer')
    t.ok(acknowledged.every(seq => seq <= last), 'nor acknowledged')
    t.equal(late, 0, 'nor is what was appended before acknowledged later')
    t.equal(new Set(acknowledged).size, acknowledged.length)
    t.equal(answers.length - acknowledged.length, 64, 'each is refused in the end')
    for (const { statusCode, body } of answers) if (statusCode !== 201) t.match(JSON.parse(body), { status: 403, code: 'contact_not_allowed' })
    t.ok(later.every(({ statusCode }) => statusCode === 403), 'who comes later is refused')
    t.equal((await alice.say(bobId, 'hello')).json().code, 'blocked')
  }
})

t.test('a block beside a first message is never lost', async t => {
  const app = await testApp(t)
  const there = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  for (let n = 0; n < 12; n++) {
    const [alice, bob] = [new TestUser(app, `alice-${n}`), new TestUser(there, `bob-${n}`)]
    const sender = n % 2 === 0 ? bob : new TestUser(there, alice.id)
    const [{ statusCode: blocked }, first] = await Promise.all([alice.put(`/blocks/${bob.id}`), sender.say(sender === bob ? alice.id : bob.id, 'hello')])
    t.equal(blocked, 204)
    t.ok([201, 403].includes(first.statusCode), first.body)
    t.equal((await alice.say(bob.id, 'hello')).json().code, 'blocked')
    t.equal((await bob.say(alice.id, 'hello')).json().code, 'contact_not_allowed')
  }
})

type Step = { who: 0 | 1, act: 'block' | 'unblock' | 'send', on: 0 | 1 }

t.test('whatever two users do on two instances, each send is answered as the rules say', async t => {
  const env = { FIRST_CONTACT: 'replies' }
  const app = await testApp(t, { env })
  const there = await testApp(t, { env: { ...env, TABLE_NAME: app.config.TABLE_NAME } })
  const bit = fc.constantFrom(0 as const, 1 as const)
  const step: fc.Arbitrary<Step> = fc.record({ who: bit, act: fc.constantFrom('block' as const, 'unblock' as const, 'send' as const, 'send' as const), on: bit })
  let run = 0
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
    const ids = [`one-${++run}`, `two-${run}`]
    const [sent, blocks] = [[0, 0], [false, false]]
    for (const { who, act, on } of steps) {
      const user = new TestUser(on === 0 ? app : there, ids[who]!)
      const otherId = ids[1 - who]!
      if (act !== 'send') {
        assert.equal((await (act === 'block' ? user.put(`/blocks/${otherId}`) : user.delete(`/blocks/${otherId}`))).statusCode, 204)
        blocks[who] = act === 'block'
        continue
      }
      const expected = blocks[who] ? 'blocked' : blocks[1 - who] ? 'contact_not_allowed' : sent[1 - who] === 0 && sent[who]! >= 3 ? 'reply_awaited' : undefined
      const response = await user.say(otherId, 'hello')
      assert.equal(response.json<{ code?: string }>().code, expected)
      if (expected === undefined) assert.equal(response.json<Message>().seq, sent[0]! + sent[1]! + 1)
      if (expected === undefined) sent[who]!++
    }
  }), { numRuns: 25 })
})

import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import type { MessageItem } from '../../src/database/entities/message.js'
import type { Outlet } from '../../src/hub/outlet.js'
import { Tally } from '../../src/hub/tally.js'
import { Feed } from '../../src/live/feed.js'
import type { CatchUp } from '../../src/services/catch-up/catch-up.js'
import { createCursors, type Cursor } from '../../src/services/catch-up/cursor.js'
import { messageEvent } from '../../src/services/messaging/message-views.js'
import { createPageTokens } from '../../src/shared/page-tokens.js'
import { Turns } from '../../src/shared/turns.js'
import { encodeEvent, type EncodedEvent } from '../../src/wire/encoded-event.js'

const cursors = createCursors(createPageTokens(['a secret of the tests'], () => new Error('not genuine')))
const turns = new Turns(2, () => false)
const changes = { since: async () => [] }
const conversations = ['ann~bob', 'ann~cy'] as const

/** What is in the table, by conversation: the seqs from 1 on. */
class World {
  readonly last: Record<string, number> = {}
  readonly start = Date.now()

  send (conversationId: string): EncodedEvent {
    const seq = (this.last[conversationId] ?? 0) + 1
    this.last[conversationId] = seq
    return encodeEvent(messageEvent(this.told(conversationId, seq)))
  }

  told (conversationId: string, seq: number): { message: MessageItem } {
    const message: MessageItem = {
      messageId: '0f8c1e6a-5b1d-4a57-9d57-6f4f2f0b8f5e',
      conversationId,
      seq,
      senderId: 'bob',
      receiverId: 'ann',
      senderCount: seq,
      messageType: 'text',
      text: 'x',
      timestamp: new Date(this.start).toISOString()
    }
    return { message }
  }

  get seen () {
    return { ...this.last }
  }
}

/**
 * A catch-up that knows by name what was seen, and answers in its own time.
 * @param heard how much less was heard of a conversation where a connection begins: undefined for nothing
 */
function fakeCatchUp (world: World, pageSize: number, heard: (conversationId: string) => number | undefined = () => 0) {
  const asked = { pages: 0 }
  const catchUp: Pick<CatchUp, 'begin' | 'since' | 'before'> = {
    async begin () {
      await nextTurn()
      const seen = Object.fromEntries(Object.entries(world.seen).flatMap(([id, seq]) => {
        const less = heard(id)
        return less === undefined || less >= seq ? [] : [[id, seq - less]]
      }))
      await nextTurn()
      return { at: world.start, seen }
    },
    async since (_userId, { at, seen }, _limit, sent = () => undefined) {
      asked.pages++
      await nextTurn()
      const left = conversations.flatMap(conversationId => {
        const { from, to } = sent(conversationId) ?? { from: 1, to: 0 }
        const all = Array.from({ length: world.last[conversationId] ?? 0 }, (_, n) => n + 1)
        return all.filter(seq => seq > (seen[conversationId] ?? 0) && (seq < from || seq > to)).map(seq => ({ conversationId, seq }))
      })
      const end = world.seen
      const page = left.slice(0, pageSize)
      const more = left.length > page.length
      const reached: Record<string, number> = { ...seen }
      const missed = page.map(({ conversationId, seq }) => {
        reached[conversationId] = seq
        return { ...world.told(conversationId, seq), cursor: { at, seen: { ...reached } } }
      })
      await nextTurn()
      return { missed, cursor: { at, seen: more ? reached : end }, more }
    },
    async * before ({ conversationId, seq }, { after = 0 }) {
      for (let next = after + 1; next < seq; next++) {
        await nextTurn()
        yield world.told(conversationId, next)
      }
    }
  }
  return { catchUp: catchUp as CatchUp, asked }
}

class FakeOutlet implements Outlet {
  readonly transport = 'websocket'
  readonly waiting = 0
  readonly endReason = 'client'
  readonly sent: Array<{ conversationId: string, seq: number, cursor?: string }> = []
  identity = undefined
  isOpen = true
  sendEvent ({ place }: EncodedEvent, cursor?: string) {
    if (place !== undefined) this.sent.push({ conversationId: place.conversationId, seq: place.seq, cursor })
    return true
  }

  async flushed () { await nextTurn() }
  close () { this.isOpen = false }
  tick () {}
}

type Step = { type: 'send' | 'lose', conversation: number } | { type: 'repeat', back: number } | { type: 'swap' | 'resume' | 'mend' | 'rest' }

const steps = fc.array(fc.oneof<Array<fc.Arbitrary<Step>>>(
  fc.record({ type: fc.constantFrom('send' as const, 'send' as const, 'lose' as const), conversation: fc.nat(1) }),
  fc.record({ type: fc.constant('repeat' as const), back: fc.nat(5) }),
  fc.record({ type: fc.constantFrom('swap' as const, 'resume' as const, 'mend' as const, 'rest' as const) })
), { maxLength: 40 })

async function settled () {
  for (let n = 0; n < 300; n++) await nextTurn()
}

t.test('however events, pages, gaps and repetitions interleave, each message comes once, in order, and none is skipped', async t => {
  await fc.assert(fc.asyncProperty(
    steps, fc.nat(6), fc.integer({ min: 1, max: 5 }), fc.boolean(), fc.option(fc.nat(3), { nil: undefined }), async (all, before, pageSize, resumes, less) => {
      const world = new World()
      for (let n = 0; n < before; n++) world.send(conversations[n % 2]!)
      const start: Cursor = { at: world.start, seen: {} }
      // Who begins without a cursor may be sent what others had just written.
      const { catchUp } = fakeCatchUp(world, pageSize, () => resumes ? less : 0)
      const outlet = new FakeOutlet()
      const feed = new Feed(outlet, 'ann', { catchUp, cursors, turns, changes }, new Tally())
      const told: EncodedEvent[] = []
      const tell = (event: EncodedEvent | undefined) => {
        if (event === undefined) return
        told.push(event)
        feed.deliver(event)
      }
      const begun = feed.begin()
      const work: Array<Promise<unknown>> = []
      // What a client without a cursor missed before it began is not its business.
      const floor = resumes ? {} : world.seen
      if (!resumes) await begun
      const joined = begun.then(async () => {
        if (resumes) await feed.resume(start)
        else feed.release()
      })
      let overtaken: EncodedEvent | undefined
      for (const step of all) {
        if (step.type === 'send') tell(world.send(conversations[step.conversation]!))
        else if (step.type === 'lose') world.send(conversations[step.conversation]!)
        else if (step.type === 'repeat') feed.deliver(told.at(-1 - step.back) ?? world.send(conversations[0]))
        else if (step.type === 'swap') {
          overtaken = world.send(conversations[0])
          tell(world.send(conversations[0]))
          tell(overtaken)
        } else if (step.type === 'resume') work.push(joined.then(async () => await feed.resume({ at: world.start, seen: floor })))
        else if (step.type === 'mend') work.push(joined.then(() => feed.mend()))
        else await nextTurn()
      }
      await joined
      await Promise.all(work)
      await settled()
      // One more of each tells of all that was lost.
      for (const conversationId of conversations) tell(world.send(conversationId))
      await settled()
      feed.end()
      for (const conversationId of conversations) {
        const from = (floor[conversationId] ?? 0) + 1
        const expected = Array.from({ length: world.last[conversationId]! - from + 1 }, (_, n) => from + n)
        const seqs = outlet.sent.filter(one => one.conversationId === conversationId).map(({ seq }) => seq)
        if (JSON.stringify(seqs) !== JSON.stringify(expected)) throw new Error(`${conversationId}: ${seqs.join()} instead of ${expected.join()}`)
      }
    }), { numRuns: 150 })
  t.pass('so it is')
})

t.test('no cursor claims what was not sent', async t => {
  await fc.assert(fc.asyncProperty(steps, fc.nat(6), fc.integer({ min: 1, max: 5 }), async (all, before, pageSize) => {
    const world = new World()
    for (let n = 0; n < before; n++) world.send(conversations[n % 2]!)
    const { catchUp } = fakeCatchUp(world, pageSize)
    const outlet = new FakeOutlet()
    const feed = new Feed(outlet, 'ann', { catchUp, cursors, turns, changes }, new Tally())
    const joined = feed.begin().then(async () => await feed.resume({ at: world.start, seen: {} }))
    for (const step of all) {
      if (step.type === 'send') feed.deliver(world.send(conversations[step.conversation]!))
      else if (step.type === 'lose') world.send(conversations[step.conversation]!)
      else await nextTurn()
    }
    await joined
    await settled()
    feed.end()
    const sent: Record<string, number> = {}
    for (const { conversationId, seq, cursor } of outlet.sent) {
      sent[conversationId] = seq
      for (const [id, claimed] of Object.entries(cursors.read('ann', cursor!).seen)) {
        if (claimed > (sent[id] ?? 0)) throw new Error(`${claimed} of ${id} was claimed when ${sent[id]} was sent`)
      }
    }
  }), { numRuns: 100 })
  t.pass('so it is')
})

t.test('a cursor that the connection covers reads nothing; doubt and a failure end that', async t => {
  const world = new World()
  for (let n = 0; n < 5; n++) world.send('ann~bob')
  const { catchUp, asked } = fakeCatchUp(world, 10)
  const outlet = new FakeOutlet()
  const feed = new Feed(outlet, 'ann', { catchUp, cursors, turns, changes }, new Tally())
  t.teardown(() => feed.end())
  await feed.begin()
  feed.release()
  const old: Cursor = { at: world.start - 3600_000, seen: {} }
  t.equal(feed.covers(old), false)
  t.equal(await feed.resume(old), 5)
  const { pages } = asked
  t.equal(feed.covers(old), true)
  t.equal(await feed.resume(old), 0)
  t.equal(await feed.resume({ ...old, at: world.start }), 0)
  t.equal(asked.pages, pages)
  t.equal(feed.covers({ ...old, at: old.at - 1 }), false)
  feed.doubt(Date.now())
  t.equal(feed.covers(old), false)
  t.equal(await feed.resume(old), 0)
  t.ok(asked.pages > pages)
})

t.test('what happens while a client\'s first catch-up fails doesn\'t come ahead of what it missed', async t => {
  const world = new World()
  for (let n = 0; n < 3; n++) world.send('ann~bob')
  const { catchUp } = fakeCatchUp(world, 1)
  const outlet = new FakeOutlet()
  const since: CatchUp['since'] = async (...args) => {
    if (outlet.sent.length > 0) throw new Error('the database is away')
    return await catchUp.since(...args)
  }
  const feed = new Feed(outlet, 'ann', { catchUp: { ...catchUp, since }, cursors, turns, changes }, new Tally())
  t.teardown(() => feed.end())
  await feed.begin()
  const resumed = feed.resume({ at: world.start, seen: {} })
  feed.deliver(world.send('ann~bob'))
  await t.rejects(resumed)
  feed.deliver(world.send('ann~bob'))
  t.strictSame(outlet.sent.map(({ seq }) => seq), [1])
})

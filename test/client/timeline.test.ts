import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Message, MessageEvent } from '../../client/src/index.js'
import { SeenMessages, type Hole } from '../../client/src/seen.js'
import { Timeline } from '../../client/src/timeline.js'

function textMessage (conversationId: string, seq: number): Message {
  return {
    messageId: `${conversationId}-${seq}`,
    conversationId,
    seq,
    senderId: 'ann',
    receiverId: 'bob',
    timestamp: '2026-11-22T10:15:30.123Z',
    messageType: 'text',
    text: String(seq)
  }
}

function eventOf (conversationId: string, seq: number, cursor = `c${seq}`): MessageEvent {
  return { type: 'newMessage', cursor, data: textMessage(conversationId, seq) }
}

/** A timeline, what it delivered, and what it read; `stored` says which messages can be read. */
function createTimeline (stored: (conversationId: string, seq: number) => boolean = () => true) {
  const delivered: Array<[conversationId: string, seq: number, cursor: string]> = []
  const holes: Hole[] = []
  const timeline = new Timeline(async function * ({ conversationId }, hole, cursor) {
    holes.push(hole)
    for (let seq = hole.afterSeq + 1; seq < hole.beforeSeq; seq++) {
      if (stored(conversationId, seq)) yield eventOf(conversationId, seq, cursor)
    }
  })
  const take = async (conversationId: string, seq: number, isCurrent = () => true) => await timeline.take(eventOf(conversationId, seq), 'before', isCurrent, event => {
    if (event.type === 'newMessage') delivered.push([event.data.conversationId, event.data.seq, event.cursor])
  })
  return { take, delivered, holes }
}

t.test('what an event overtook is read and comes first, with the cursor of before', async t => {
  const { take, delivered, holes } = createTimeline()
  for (const seq of [5, 6, 9]) await take('a~b', seq)
  t.same(delivered, [['a~b', 5, 'c5'], ['a~b', 6, 'c6'], ['a~b', 7, 'before'], ['a~b', 8, 'before'], ['a~b', 9, 'c9']])
  t.same(holes, [{ afterSeq: 6, beforeSeq: 9 }])
})

t.test('what is nowhere is asked for once, and is not refused when it comes after all', async t => {
  const { take, delivered, holes } = createTimeline((_, seq) => seq !== 2)
  for (const seq of [1, 3, 4, 2, 2, 5]) await take('a~b', seq)
  t.same(delivered.map(([, seq]) => seq), [1, 3, 4, 2, 5])
  t.same(holes, [{ afterSeq: 1, beforeSeq: 3 }])
})

t.test('an event is kept back if its connection ends while what was missed is read', async t => {
  const { take, delivered } = createTimeline()
  await take('a~b', 1)
  let checks = 0
  await take('a~b', 4, () => ++checks < 2)
  t.same(delivered.map(([, seq]) => seq), [1, 2])
  await take('a~b', 2)
  await take('a~b', 4)
  t.same(delivered.map(([, seq]) => seq), [1, 2, 3, 4])
})

t.test('what can\'t be read fails, and the event may come again', async t => {
  const delivered: number[] = []
  let isAway = true
  const timeline = new Timeline(async function * (message, { afterSeq }) {
    if (isAway) throw new Error('away')
    yield eventOf(message.conversationId, afterSeq + 1)
  })
  const take = async (seq: number) => await timeline.take(eventOf('a~b', seq), '', () => true, event => {
    if (event.type === 'newMessage') delivered.push(event.data.seq)
  })
  await take(1)
  await t.rejects(take(3), { message: 'away' })
  isAway = false
  await take(3)
  t.same(delivered, [1, 2, 3])
})

const arrivals = fc.array(fc.tuple(fc.constantFrom('a~b', 'b~c', 'c~d'), fc.integer({ min: 1, max: 40 })), { maxLength: 80 })

t.test('whatever comes, each message is told once, in order and without a hole', async () => {
  await fc.assert(fc.asyncProperty(arrivals, async arrivals => {
    const { take, delivered } = createTimeline()
    for (const [conversationId, seq] of arrivals) await take(conversationId, seq)
    for (const id of new Set(arrivals.map(([conversationId]) => conversationId))) {
      const seqs = delivered.flatMap(([conversationId, seq]) => conversationId === id ? [seq] : [])
      const [first = 0] = seqs
      const last = Math.max(...arrivals.flatMap(([conversationId, seq]) => conversationId === id ? [seq] : []))
      assert.deepEqual(seqs, Array.from({ length: last - first + 1 }, (_, n) => first + n))
    }
  }))
})

t.test('where some can\'t be read, each that comes is still told once', async () => {
  await fc.assert(fc.asyncProperty(arrivals, fc.array(fc.integer({ min: 1, max: 40 })), async (arrivals, lost) => {
    const { take, delivered } = createTimeline((_, seq) => !lost.includes(seq))
    for (const [conversationId, seq] of arrivals) await take(conversationId, seq)
    const told = delivered.map(([conversationId, seq]) => `${conversationId} ${seq}`)
    assert.equal(new Set(told).size, told.length)
    for (const id of new Set(arrivals.map(([conversationId]) => conversationId))) {
      const came = arrivals.flatMap(([conversationId, seq]) => conversationId === id ? [seq] : [])
      // What lies before the first message is not of this client's time.
      for (const seq of came.filter(seq => seq >= came[0]!)) assert.ok(told.includes(`${id} ${seq}`))
    }
  }))
})

t.test('a hole that is never filled is given up when too much has come after it', async t => {
  const seen = new SeenMessages()
  seen.add('a~b', 1)
  for (let seq = 3; seq < 1003; seq++) seen.add('a~b', seq)
  t.notOk(seen.has('a~b', 2))
  seen.add('a~b', 1003)
  t.ok(seen.has('a~b', 2))
})

t.test('the conversation that was quiet for longest is forgotten first', async t => {
  const seen = new SeenMessages()
  seen.add('quiet', 1)
  seen.add('busy', 1)
  for (let n = 0; n < 9_998; n++) seen.add(String(n), 1)
  seen.add('busy', 2)
  t.ok(seen.has('quiet', 1))
  seen.add('another', 1)
  t.notOk(seen.has('quiet', 1))
  t.ok(seen.has('busy', 1))
})

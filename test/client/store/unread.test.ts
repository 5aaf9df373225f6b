import fc from 'fast-check'
import t from 'tap'
import { Unread } from '../../../client/src/store/unread.js'

/** A conversation: whose each message is, and what happens: a message comes to be, or something is read. */
const history = fc.array(fc.oneof(fc.constantFrom('other', 'own', 'other'), fc.nat(20)), { minLength: 1, maxLength: 30 })

t.test('counts, messages and read positions may come in any order: the count is the server\'s, or it says that it is a guess', async () => {
  fc.assert(fc.property(history, fc.array(fc.nat(1000), { minLength: 60, maxLength: 60 }), (history, order) => {
    const others: boolean[] = []
    let lastReadSeq = 0
    const countOf = (from: number) => others.filter((isOthers, n) => isOthers && n + 1 > from).length
    const told: Array<(unread: Unread) => void> = []
    for (const what of history) {
      const seq = typeof what === 'number' ? Math.min(what, others.length) : others.push(what === 'other')
      if (typeof what === 'number') {
        lastReadSeq = Math.max(lastReadSeq, seq)
        told.push(unread => unread.read(seq))
      } else {
        told.push(unread => unread.message(seq, what === 'other'))
      }
      const count = { unreadCount: countOf(lastReadSeq), lastReadSeq, seq: others.length }
      told.push(unread => unread.take(count))
    }
    const unread = new Unread(() => undefined)
    const shuffled = told.map((tell, n) => ({ tell, at: order[n] as number })).sort((one, other) => one.at - other.at)
    for (const { tell } of shuffled) tell(unread)
    return unread.isDoubtful || (unread.count === countOf(lastReadSeq) && unread.readSeq === lastReadSeq)
  }), { numRuns: 2000 })
})

t.test('what is read in the middle is counted where all messages are known, and else in doubt', async t => {
  const known = new Unread((after, to) => to - after)
  known.take({ unreadCount: 5, lastReadSeq: 0, seq: 5 })
  known.read(3)
  t.match(known, { count: 2, readSeq: 3, isDoubtful: false })

  const unknown = new Unread(() => undefined)
  unknown.take({ unreadCount: 5, lastReadSeq: 0, seq: 5 })
  unknown.read(3, 2)
  t.match(unknown, { count: 2, readSeq: 3, isDoubtful: true })
  unknown.take({ unreadCount: 2, lastReadSeq: 3, seq: 5 })
  t.match(unknown, { count: 2, isDoubtful: false })
})

import t from 'tap'
import { MissedUsers } from '../../src/hub/missed-users.js'

const many = Array.from({ length: 10_001 }, (_, n) => `user-${n}`)

t.test('nothing was missed until something is added, and it is taken once', async t => {
  const missed = new MissedUsers()
  t.equal(missed.take(), undefined)
  missed.add(['alice'], 5)
  t.strictSame(missed.take(), { userIds: ['alice'], since: 5 })
  t.equal(missed.take(), undefined)
})

t.test('each user is named once, since the earliest time of all', async t => {
  const missed = new MissedUsers()
  missed.add(['alice', 'bob'], 7)
  missed.add(['bob', 'carol'], 3)
  missed.add(['alice'], 9)
  t.strictSame(missed.take(), { userIds: ['alice', 'bob', 'carol'], since: 3 })
})

t.test('beyond 10,000 users it is everybody, and stays so until it is taken', async t => {
  const missed = new MissedUsers()
  missed.add(many.slice(1), 1)
  t.equal(missed.take()?.userIds?.length, 10_000)
  missed.add(many, 4)
  missed.add(['alice'], 2)
  t.strictSame(missed.take(), { userIds: undefined, since: 2 })
  missed.add(['alice'], 8)
  t.strictSame(missed.take(), { userIds: ['alice'], since: 8 }, 'then it begins anew')
})

t.test('what could not be told is put back and joins what came meanwhile', async t => {
  const missed = new MissedUsers()
  missed.add(['alice'], 5)
  const taken = missed.take()!
  missed.add(['bob'], 6)
  missed.restore(taken)
  t.strictSame(missed.take(), { userIds: ['bob', 'alice'], since: 5 })
  missed.add(['bob'], 6)
  missed.restore({ userIds: undefined, since: 9 })
  t.strictSame(missed.take(), { userIds: undefined, since: 6 }, 'everybody put back is everybody')
})

import t from 'tap'
import type { Message } from '../../../schemas/message.js'
import type { Report } from '../../../schemas/report.js'
import { createEraseReports } from '../../../src/services/moderation/erase-reports.js'
import { testApp, TestUser } from '../../support/helper.js'
import { open } from '../../support/trades.js'

t.test('of who is erased no word is left in reports, whoever made them, and the words of others stay', async t => {
  const app = await testApp(t)
  const { direct } = app.entities
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await alice.say('bob', 'words of alice')
  await bob.say('alice', 'words of bob')
  await open(alice, bob, { text: 'words of alice with an offer' })
  await open(alice, bob)
  const report = async (user: TestUser, userId: string, note: string) => {
    const response = await user.request({ method: 'POST', url: '/api/me/reports', payload: { userId, reason: 'abuse', seqs: [1, 2, 3, 4], note } })
    return { reporterId: user.id, ...response.json<Report>() }
  }
  // More than are read at a time.
  const made = [await report(alice, 'bob', 'a note of alice')]
  for (let n = 0; n < 11; n++) made.push(await report(bob, 'alice', 'a note of bob'))
  for (let n = 0; n < 10; n++) await report(alice, 'bob', 'a note of alice')

  const erase = createEraseReports(direct)
  let spent = 0
  await erase('alice', async units => { spent += units })
  t.ok(spent > 22, 'what it costs is told')
  for (const key of made) {
    const item = await direct.report.get(key, { consistent: true })
    t.notMatch(JSON.stringify(item), 'words of alice')
    t.strictSame((item!.messages as Message[]).map(({ text, erased }) => [text, erased]), [['', true], ['words of bob', undefined], ['', true], [undefined, undefined]])
    t.equal(item!.note, key.reporterId === 'bob' ? 'a note of bob' : undefined)
  }
  const { items } = await direct.report.between({ reporterId: 'alice', reportId: '' }, { reporterId: 'alice', reportId: '~' }, { limit: 50, order: 'asc' })
  t.notMatch(JSON.stringify(items), 'of alice')
  t.equal(items.length, 11)
  const before = spent
  await erase('alice', async units => { spent += units })
  t.ok(spent - before < before, 'nothing is written again')
})

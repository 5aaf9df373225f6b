import t from 'tap'
import type { AttachmentUpload } from '../../../schemas/attachment.js'
import { acquaint } from '../../support/acquaint.js'
import { announce, described, find, loadProfile, put, sendFiles, uploadTo } from '../../support/attachments.js'
import { databaseCalls } from '../../support/calls.js'
import { testApp, TestUser } from '../../support/helper.js'
import { requestUnits } from '../../support/request-units.js'
import { opening } from '../../support/trades.js'

t.test('what files cost', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await acquaint(app, 'alice', 'bob')
  for (const user of [alice, bob]) await user.request({ url: '/api/me' })
  const meter = requestUnits(app)
  const calls = databaseCalls(t, app)
  const bytes = loadProfile()

  let made: AttachmentUpload | undefined
  const announced = async () => { made = (await announce(alice, described('bob', bytes))).json() }
  t.strictSame(await meter(announced), { read: 1, write: 4 }, 'to announce one: the count; the file and the count')
  t.strictSame(await calls(announced), ['GetItem', 'TransactWriteItems'])
  const key = { 'idempotency-key': 'k' }
  const withKey = async () => { await announce(alice, described('bob', bytes), key) }
  t.strictSame(await meter(withKey), { read: 2, write: 4 })
  t.strictSame(await meter(withKey), { read: 1, write: 0 }, 'to take it up again')
  t.strictSame(await meter(async () => await put(app, made!, bytes)), { read: 0, write: 0 }, 'to upload it')
  t.strictSame(await meter(async () => await find(alice, made!.attachmentId)), { read: 1, write: 0 })

  t.strictSame(await meter(async () => await alice.say('bob', 'hello')), { read: 0, write: 4 }, 'a text without files, as before')
  t.strictSame(await calls(async () => await alice.say('bob', 'hello')), ['TransactWriteItems'])
  const sent = async () => { t.equal((await sendFiles(alice, 'bob', [made!.attachmentId])).statusCode, 201) }
  t.strictSame(await meter(sent), { read: 1, write: 6 }, 'a text with a file')
  const four = await Promise.all([1, 2, 3, 4].map(async () => await uploadTo(alice, 'bob')))
  let asked: string[] = []
  t.strictSame(await meter(async () => { asked = await calls(async () => await sendFiles(alice, 'bob', four)) }), { read: 4, write: 12 }, 'with four')
  t.strictSame(asked, ['BatchGetItem', 'TransactWriteItems'])
  const contract = await uploadTo(alice, 'bob')
  t.strictSame(await meter(async () => await sendFiles(alice, 'bob', [contract], opening())), { read: 1, write: 12 }, 'an offer with a file')
  t.strictSame(await meter(async () => await find(bob, contract)), { read: 1, write: 0 }, 'to ask for its URL')
})

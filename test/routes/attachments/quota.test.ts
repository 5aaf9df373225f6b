import t, { type Test } from 'tap'
import type { AttachmentUpload } from '../../../schemas/attachment.js'
import { announce, described, loadProfile, put, sendFiles } from '../../support/attachments.js'
import { testApp, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { patiently } from '../../support/trades.js'
import { shiftClock } from '../../support/webhooks.js'

const mebibyte = 1024 * 1024
const hour = 60 * 60 * 1000
const day = 24 * hour

t.test('quotas', async t => {
  const app = await testApp(t)
  const shift = shiftClock(t, app)
  // Noon, so that no day ends by itself while this runs.
  const noon = Math.floor(Date.now() / day) * day + day / 2
  const setTime = (time: number) => shift(time - Date.now())
  setTime(noon)
  const made = async (t: Test, user: TestUser, different: object = {}) => {
    const response = await patiently(async () => await announce(user, described('bob', loadProfile(), different)))
    t.equal(response.statusCode, 201, response.body)
    return response.json<AttachmentUpload>().attachmentId
  }

  t.test('at most 20 wait for their message, until one is sent or has run out', async t => {
    const alice = new TestUser(app, 'alice')
    const bytes = loadProfile()
    const first = (await announce(alice, described('bob', bytes), { 'idempotency-key': 'k' })).json<AttachmentUpload>()
    setTime(noon + hour)
    const others = await Promise.all(Array.from({ length: 22 }, async () => await patiently(async () => await announce(alice, described('bob', loadProfile())))))
    t.equal(others.filter(({ statusCode }) => statusCode === 201).length, 19, 'however many are asked for at once')
    const answer = await announce(alice, described('bob', bytes))
    t.equal(refused(t, answer, 'attachment_quota').detail, 'At most 20 attachments can wait for a message')
    t.ok(Math.abs(Number(answer.headers['retry-after']) - 23 * 3600) < 60, 'until the first one has run out')
    const again = await announce(alice, described('bob', bytes), { 'idempotency-key': 'k' })
    t.equal(again.statusCode, 201, 'one that is counted can be taken up again')
    await made(t, new TestUser(app, 'another'))

    await put(app, again.json<AttachmentUpload>(), bytes)
    t.equal((await sendFiles(alice, 'bob', [first.attachmentId])).statusCode, 201)
    await made(t, alice)
    refused(t, await announce(alice, described('bob', bytes)), 'attachment_quota')
    setTime(noon + day + 2 * hour)
    await made(t, alice)
    await made(t, alice)
    setTime(noon)
  })

  t.test('at most 200 MiB are announced on a day', async t => {
    const carol = new TestUser(app, 'carol')
    for (let n = 0; n < 19; n++) await made(t, carol, { size: 10 * mebibyte })
    await made(t, carol, { size: 10 * mebibyte - 1 })
    const { attachmentIds } = (await app.entities.direct.attachmentCount.get({ ownerId: 'carol' }, { consistent: true }))!
    t.equal(attachmentIds.length, 20)
    // As if they had been sent.
    const { direct } = app.entities
    for (const attachmentId of attachmentIds) await direct.write(direct.attachment.update({ attachmentId }, { state: 'bound', seq: 1 }, { equal: { state: 'pending' } }, ['ttl']))
    await made(t, carol, { size: 1 })
    const answer = await announce(carol, described('bob', loadProfile(), { size: 1 }))
    t.equal(refused(t, answer, 'attachment_quota').detail, 'At most 200 MiB of attachments a day')
    t.ok(Math.abs(Number(answer.headers['retry-after']) - 12 * 3600) < 60, 'until midnight UTC')
    t.match((await announce(carol, described('bob', loadProfile()), { 'accept-language': 'de' })).json(), { detail: /^Höchstens 200 MiB/ })
    setTime(noon + day / 2)
    await made(t, carol, { size: 10 * mebibyte })
    setTime(noon)
  })

  t.test('what is refused counts for nothing', async t => {
    const dave = new TestUser(app, 'dave')
    for (const different of [{ to: 'dave' }, { size: 11 * mebibyte }, { mediaType: 'text/html' }, { fileName: '' }]) await announce(dave, described('bob', loadProfile(), different))
    t.equal(await app.entities.direct.attachmentCount.get({ ownerId: 'dave' }, { consistent: true }), undefined)
  })
})

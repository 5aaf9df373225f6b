import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { Attachment, AttachmentUpload } from '../../schemas/attachment.js'
import type { MessagePage } from '../../schemas/message.js'
import { ProblemError } from '../../src/wire/problem-error.js'
import { claimTime } from '../../src/work/claims.js'
import { announce, described, download, find, loadProfile, put, sendFile, sendFiles, uploadTo } from '../support/attachments.js'
import { breakCall } from '../support/break-call.js'
import { erase, erasureTimers, scan, signedIn, textsIn, workOnErasure } from '../support/erasure.js'
import { testApp, TestUser } from '../support/helper.js'
import { refused } from '../support/problem.js'
import { opening } from '../support/trades.js'

const grace = 31 * 24 * 60 * 60 * 1000
const fileName = 'Zylberstejn meter.csv'
const thumbHash = '3OcRJYB4d3h/iIeHeEh3eIhw+j2w'

const leave = async (user: TestUser) => {
  const { statusCode, body } = await user.request({ method: 'DELETE', url: '/api/me' })
  if (statusCode !== 202) throw new Error(body)
}
/** The objects that are there. */
const objects = (app: FastifyInstance) => readdirSync(join(app.config.DATA_DIR, 'attachments')).filter(name => /^[0-9a-f]{32}$/.test(name)).sort()
/** The parts of a user's files that must not be anywhere. */
const traces = async (app: FastifyInstance) => (await scan(app)).flatMap(textsIn).filter(text => text.includes('Zylberstejn') || text.includes(thumbHash))

t.test('after an erasure no file of the user is left, nor what it was called, and those of others stay', async t => {
  const app = await testApp(t)
  const [alice, bob] = [signedIn(app, 'alice'), new TestUser(app, 'bob')]
  const different = { fileName, thumbHash, width: 4, height: 3 }
  const { attachments: [said] = [] } = await sendFile(alice, 'bob', loadProfile(), different)
  const offered = await uploadTo(alice, 'bob', loadProfile(), different)
  await sendFiles(alice, 'bob', [offered], opening())
  const bytes = loadProfile()
  const { attachments: [his] = [] } = await sendFile(bob, 'alice', bytes, { fileName: 'his.csv' })
  const last = await uploadTo(alice, 'bob', loadProfile(), different)
  await sendFiles(alice, 'bob', [last])
  const pending = await uploadTo(alice, 'bob', loadProfile(), different)
  const announced = (await announce(alice, described('bob', loadProfile(), different))).json<AttachmentUpload>().attachmentId
  // Put away for a message that was never written.
  await app.storage!.keep(pending)
  await app.reports.make('bob', { userId: 'alice', reason: 'spam', seqs: [1, 2, 3] })
  t.equal(objects(app).length, 5)

  await leave(alice)
  await erase(app, 'alice', grace)
  t.same(await traces(app), [])
  t.strictSame(objects(app), [his!.attachmentId])
  t.strictSame(await download(bob, his!.attachmentId), bytes)
  const { messages } = (await bob.get('/alice?order=asc')).json<MessagePage>()
  t.match(messages.slice(0, 4), [{ text: '', erased: true }, { text: '', erased: true, messageType: 'tradeOffer' }, { attachments: [his] }, { text: '', erased: true }])
  t.strictSame(messages.map(message => 'attachments' in message), [false, false, true, false, false])
  for (const id of [said!.attachmentId, offered, last]) {
    for (const user of [alice, bob]) refused(t, await find(user, id), 'attachment_unavailable')
    refused(t, await find(new TestUser(app, 'carol'), id), 'attachment_not_found')
  }
  for (const id of [pending, announced]) refused(t, await find(bob, id), 'attachment_not_found')
  const { items } = await app.entities.direct.report.between({ reporterId: 'bob', reportId: '' }, { reporterId: 'bob', reportId: '~' }, { limit: 1, order: 'asc' })
  t.match(items[0]?.messages, [{ text: '', erased: true }, { text: '', erased: true }, { attachments: [{ fileName: 'his.csv' }] }])
  t.notMatch(JSON.stringify((await bob.get('/conversations/alice')).json()), 'attachments')
})

t.test('what is sent after coming back stays, and so does its file', async t => {
  const app = await testApp(t)
  const [alice, bob] = [signedIn(app, 'alice'), new TestUser(app, 'bob')]
  await sendFile(alice, 'bob', loadProfile(), { fileName })
  await leave(alice)
  const timers = await erasureTimers(app, 'alice')
  await workOnErasure(app, 'alice', grace, timers)
  const bytes = loadProfile()
  const { attachments: [sent] = [] } = await sendFile(alice, 'bob', bytes)
  const waiting = await uploadTo(alice, 'bob', bytes)
  await erase(app, 'alice', grace)
  t.strictSame(await download(bob, sent!.attachmentId), bytes)
  t.equal((await sendFiles(alice, 'bob', [waiting])).statusCode, 201)
})

t.test('whatever call of the database or the store fails, the erasure goes on to its end', async t => {
  const app = await testApp(t)
  let runs = 0
  let ahead = grace
  /** Lets an erasure break in some way, and finishes it. @returns whether all of its calls had been tried before */
  const run = async (breaks: () => { mend: () => void, isOver: () => boolean }) => {
    const [alice, bob] = [signedIn(app, `alice-${runs}`), new TestUser(app, `bob-${runs}`)]
    await sendFile(alice, bob.id, loadProfile(), { fileName, thumbHash })
    await uploadTo(alice, bob.id, loadProfile(), { fileName, thumbHash })
    await leave(alice)
    const timers = await erasureTimers(app, alice.id)
    const { mend, isOver } = breaks()
    await workOnErasure(app, alice.id, ahead, timers).catch(() => {})
    const was = isOver()
    mend()
    // Another process, when the claim of the first one has ended.
    ahead += claimTime + 1000
    await erase(app, alice.id, ahead)
    runs++
    t.match((await bob.get(`/${alice.id}`)).json<MessagePage>().messages, [{ text: '', erased: true }])
    t.same(await traces(app), [])
    t.strictSame(objects(app), [])
    return was
  }
  for (const kind of ['crash after', 'conflict'] as const) {
    for (let at = 0; ; at++) {
      const isOver = await run(() => {
        const broken = breakCall(t, app, at, kind)
        return { mend: () => { broken.mended = true; broken.remove() }, isOver: () => broken.count <= at }
      })
      if (isOver) break
    }
  }
  for (const when of ['before', 'after']) {
    for (const at of [0, 1]) {
      await run(() => {
        let count = 0
        const real = app.storage!.remove.bind(app.storage)
        const broken = t.intercept(app.storage!, 'remove', {
          value: async (key: string) => {
            if (count++ < at) return await real(key)
            if (when === 'after') await real(key)
            throw new ProblemError('storage_unavailable')
          }
        })
        return { mend: () => { broken.restore() }, isOver: () => true }
      })
    }
  }
  t.ok(runs > 20, `${runs} runs`)
})

t.test('where nothing can be attached any more, an erasure waits for the store rather than leave files behind', async t => {
  const app = await testApp(t)
  const alice = signedIn(app, 'alice')
  const bytes = loadProfile()
  const { attachmentId, upload } = (await announce(alice, described('bob', bytes))).json<AttachmentUpload>()
  await put(app, { attachmentId, upload }, bytes)
  await sendFiles(alice, 'bob', [attachmentId])
  const off = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME, ATTACHMENTS: 'off' } })
  const message = (await new TestUser(off, 'bob').get('/alice')).json<MessagePage>().messages[0]
  t.match(message, { attachments: [{ attachmentId }] }, 'what was sent is still told of')
  await leave(alice)
  await t.rejects(workOnErasure(off, 'alice', grace), { code: 'storage_unavailable' })
  t.equal(objects(app).length, 1)
  await erase(app, 'alice', grace + claimTime + 1000)
  t.strictSame(objects(app), [])
  t.notOk((await find(new TestUser(app, 'bob'), attachmentId)).json<Attachment>().download)
})

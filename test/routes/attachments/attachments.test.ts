import t, { type Test } from 'tap'
import type { Attachment, AttachmentUpload } from '../../../schemas/attachment.js'
import type { Conversation } from '../../../schemas/conversation.js'
import type { Message, MessagePage } from '../../../schemas/message.js'
import type { MissedPage } from '../../../schemas/sync.js'
import type { AttachmentItem } from '../../../src/database/entities/attachment.js'
import { showMessageEvent } from '../../../src/services/webhooks/events.js'
import { acquaint } from '../../support/acquaint.js'
import { ageAndSweep, announce, described, download, find, loadProfile, put, sendFile, sendFiles, uploadTo } from '../../support/attachments.js'
import { listen, testApp, TestSocket, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { refused } from '../../support/problem.js'
import { opening, read } from '../../support/trades.js'
import { shiftClock } from '../../support/webhooks.js'

const day = 24 * 60 * 60 * 1000

t.test('attachments', async t => {
  const app = await testApp(t)
  const setAhead = shiftClock(t, app)
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(id => new TestUser(app, id)) as [TestUser, TestUser, TestUser]
  await acquaint(app, 'alice', 'bob', 'carol')
  const made = async (t: Test, user: TestUser, body: object, headers = {}) => {
    const response = await announce(user, body, headers)
    t.equal(response.statusCode, 201, response.body)
    return response.json<AttachmentUpload>()
  }
  const stored = async (attachmentId: string) => await app.entities.direct.attachment.get({ attachmentId }, { consistent: true }) as AttachmentItem

  t.test('a file is announced, uploaded, sent and downloaded by both, and is the same wherever the message is', async t => {
    const socket = await TestSocket.open(t, await listen(app), bob)
    const { cursor } = (await bob.get('/sync')).json<MissedPage>()
    const bytes = loadProfile()
    const body = described('bob', bytes, { fileName: 'Lastgang März.csv', width: 3, height: 2, thumbHash: 'AAAA' })
    const before = Date.now()
    const { attachmentId, upload } = await made(t, alice, body)
    t.match(attachmentId, /^[0-9a-f]{32}$/)
    t.ok(Math.abs(Date.parse(upload.expiresAt) - before - 15 * 60_000) < 60_000, 'for 15 minutes')
    refused(t, await sendFiles(alice, 'bob', [attachmentId]), 'attachment_not_uploaded')
    t.equal((await put(app, { attachmentId, upload }, bytes)).statusCode, 200)

    const { to: _, ...metadata } = body
    const seen = { attachmentId, senderId: 'alice', receiverId: 'bob', ...metadata }
    const own = (await find(alice, attachmentId)).json<Attachment>()
    t.strictSame(own, { ...seen, createdAt: own.createdAt }, 'its sender sees it before it is sent, without a URL')
    for (const user of [bob, carol]) refused(t, await find(user, attachmentId), 'attachment_not_found')

    const answer = await sendFiles(alice, 'bob', [attachmentId], { text: 'mine' })
    t.equal(answer.statusCode, 201, answer.body)
    const message = answer.json<Message>()
    t.match(message, { messageType: 'text', text: 'mine' })
    t.strictSame('attachments' in message && message.attachments, [{ attachmentId, ...metadata }])
    t.strictSame((await socket.next('newMessage')).data, message)
    t.strictSame((await bob.get('/alice?limit=1')).json<MessagePage>().messages, [message])
    t.strictSame((await bob.get(`/sync?since=${cursor}`)).json<MissedPage>().messages, [message])
    t.match((await bob.get('/conversations/alice')).json<Conversation>().lastMessage, { text: 'mine', attachments: 1 })
    const reader = await TestIntegration.make(app, ['messages'])
    t.strictSame((await reader.get('/conversations/alice~bob/messages?limit=1')).json<MessagePage>().messages, [message])
    await app.reports.make('bob', { userId: 'alice', reason: 'spam', seqs: [message.seq] }, 'a-key')
    const { items: [report] } = await app.entities.direct.report.between({ reporterId: 'bob', reportId: '' }, { reporterId: 'bob', reportId: '~' }, { limit: 1, order: 'asc' })
    t.strictSame(report?.messages, [message])
    const lines = (await bob.request({ url: '/api/me/export' })).body
    t.match(lines, `"attachments":[{"attachmentId":"${attachmentId}"`)

    for (const user of [alice, bob]) {
      const found = (await find(user, attachmentId)).json<Attachment>()
      t.match(found, seen)
      t.ok(Math.abs(Date.parse(found.download!.expiresAt) - Date.now() - 5 * 60_000) < 60_000, 'for 5 minutes')
      t.strictSame(await download(user, attachmentId), bytes)
    }
    refused(t, await find(carol, attachmentId), 'attachment_not_found')
    t.match(await stored(attachmentId), { state: 'bound', seq: message.seq, conversationId: 'alice~bob' })
    t.equal((await stored(attachmentId)).ttl, undefined, 'it stays as long as the message')
  })

  t.test('a message can have four files and no text, and an offer has files too', async t => {
    const ids = await Promise.all([1, 2, 3, 4].map(async () => await uploadTo(alice, 'bob')))
    const message = (await sendFiles(alice, 'bob', ids)).json<Message>()
    const unsent = await uploadTo(alice, 'bob')
    await ageAndSweep(app, [...ids, unsent])
    for (const id of ids) t.equal((await download(bob, id)).length > 0, true, 'what was sent stays in the store')
    refused(t, await sendFiles(alice, 'bob', [unsent]), 'attachment_not_uploaded', 'what nobody has sent for a day goes')
    t.match(message, { messageType: 'text', text: '', attachments: ids.map(attachmentId => ({ attachmentId })) })
    t.strictSame((await bob.get('/conversations/alice')).json<Conversation>().lastMessage, {
      seq: message.seq, senderId: 'alice', messageType: 'text', text: '', attachments: 4, timestamp: message.timestamp
    })
    const contract = await uploadTo(bob, 'alice', Buffer.from('%PDF-1.7\n'), { fileName: 'contract.pdf', mediaType: 'application/pdf' })
    const offer = await sendFiles(bob, 'alice', [contract], opening())
    t.match(offer.json(), { messageType: 'tradeOffer', attachments: [{ attachmentId: contract, fileName: 'contract.pdf' }] })
    t.notOk('text' in offer.json<Message>())
    const { messages } = (await alice.get('/bob?limit=2')).json<MessagePage>()
    t.strictSame(messages, [offer.json(), message])
    t.match(await read(alice, offer.json<{ tradeOffer: { messageId: string } }>().tradeOffer), { status: 'pending' })
    t.strictSame(await download(alice, contract), Buffer.from('%PDF-1.7\n'))
    const { direct } = app.entities
    const told = {
      message: (await direct.message.get({ conversationId: 'alice~bob', seq: messages[0]!.seq }, { consistent: true }))!,
      offer: await direct.tradeOffer.get({ messageId: messages[0]!.messageId }, { consistent: true })
    }
    t.match(JSON.stringify(showMessageEvent(told, { texts: true })), 'contract.pdf')
    t.notMatch(JSON.stringify(showMessageEvent(told, { texts: false })), 'contract.pdf', 'who may know of trades only isn\'t told of files')
    const said = await bob.say('alice', 'and now without')
    t.notOk('attachments' in (await alice.get('/conversations/bob')).json<Conversation>().lastMessage)
    t.notOk('attachments' in said.json<Message>())
  })

  t.test('with an Idempotency-Key the same again is the same file with a fresh URL, whatever became of it', async t => {
    const headers = { 'idempotency-key': 'a-file' }
    const bytes = loadProfile()
    const body = described('bob', bytes)
    const first = await made(t, alice, body, headers)
    const other = await made(t, bob, described('alice', bytes), headers)
    t.not(other.attachmentId, first.attachmentId, 'a key is its user\'s')
    setAhead(60_000)
    const again = await announce(alice, body, headers)
    t.match([again.statusCode, again.headers['idempotent-replayed']], [201, 'true'])
    const second = again.json<AttachmentUpload>()
    t.equal(second.attachmentId, first.attachmentId)
    t.not(second.upload.url, first.upload.url)
    const hexadecimal = { ...body, sha256: Buffer.from(body.sha256, 'base64').toString('hex') }
    const elsewhere = await announce(alice, hexadecimal, { ...headers, host: 'chat.example:8443' })
    t.match([elsewhere.statusCode, elsewhere.headers['idempotent-replayed']], [201, 'true'], 'a digest is the same however it is written')
    const { upload } = elsewhere.json<AttachmentUpload>()
    t.equal(upload.headers['x-amz-checksum-sha256'], body.sha256)
    t.equal(new URL(upload.url).origin, 'http://chat.example:8443', 'the bytes go where the server was reached')
    for (const different of [{ size: body.size + 1 }, { fileName: 'other.csv' }, { to: 'carol' }, { width: 1 }]) {
      refused(t, await announce(alice, { ...body, ...different }, headers), 'idempotency_key_reused')
    }
    t.equal((await put(app, second, bytes)).statusCode, 200)
    await sendFiles(alice, 'bob', [first.attachmentId])
    const third = (await announce(alice, body, headers)).json<AttachmentUpload>()
    t.equal(third.attachmentId, first.attachmentId)
    t.equal((await put(app, third, bytes)).statusCode, 412, 'it is there already')
    const requests = await Promise.all(Array.from({ length: 8 }, async () => await announce(carol, described('bob', bytes), headers)))
    t.equal(new Set(requests.map(response => response.json<AttachmentUpload>().attachmentId)).size, 1)
    t.equal(requests.filter(response => response.headers['idempotent-replayed'] === undefined).length, 1)
    setAhead(0)
  })

  t.test('what can\'t be attached is refused before a byte is taken', async t => {
    const bytes = loadProfile()
    const mebibyte = 1024 * 1024
    for (const [different, code, detail] of [
      [{ to: 'alice' }, 'self_conversation'],
      [{ to: 'users' }, 'reserved_user_id'],
      [{ size: 10 * mebibyte + 1 }, 'attachment_too_large', 'A file can have at most 10 MiB'],
      [{ size: 0 }, 'validation_failed'],
      [{ mediaType: 'text/html' }, 'attachment_type_not_allowed'],
      [{ mediaType: 'image/svg+xml' }, 'attachment_type_not_allowed'],
      [{ mediaType: 'application/octet-stream' }, 'attachment_type_not_allowed'],
      [{ sealed: true }, 'attachment_type_not_allowed'],
      [{ sealed: false, mediaType: 'application/octet-stream' }, 'validation_failed'],
      [{ fileName: '../profile.csv' }, 'validation_failed'],
      [{ fileName: 'gpj.\u202eelifor\u202c' }, 'validation_failed'],
      [{ sha256: 'AAAA' }, 'validation_failed'],
      [{ ownerId: 'bob' }, 'validation_failed']
    ] as const) {
      const problem = refused(t, await announce(alice, described('bob', bytes, different)), code, JSON.stringify(different))
      if (detail !== undefined) t.equal(problem.detail, detail)
    }
    t.equal((await announce(carol, described('bob', bytes, { size: 10 * mebibyte }))).statusCode, 201)
    t.equal((await announce(carol, described('bob', bytes, { sealed: true, mediaType: 'application/octet-stream' }))).statusCode, 201)
    refused(t, await find(alice, 'f'.repeat(32)), 'attachment_not_found')
    refused(t, await find(alice, 'not-an-id'), 'validation_failed')
  })

  t.test('a message gets only what its sender has uploaded for its receiver, once, as it was announced', async t => {
    const mine = await uploadTo(alice, 'bob')
    refused(t, await sendFiles(bob, 'alice', [mine]), 'attachment_not_found', 'not the other\'s')
    refused(t, await sendFiles(carol, 'bob', [mine]), 'attachment_not_found', 'not a stranger\'s')
    refused(t, await sendFiles(alice, 'carol', [mine]), 'attachment_not_found', 'not for another one')
    refused(t, await sendFiles(alice, 'bob', ['0'.repeat(32)]), 'attachment_not_found', 'one that never was')
    refused(t, await sendFiles(alice, 'bob', [mine, '0'.repeat(32)], { text: 'x' }), 'attachment_not_found', 'all or none')
    refused(t, await sendFiles(alice, 'bob', [mine, mine]), 'validation_failed')
    refused(t, await sendFiles(alice, 'bob', []), 'validation_failed')
    refused(t, await sendFiles(alice, 'bob', [1, 2, 3, 4, 5].map(n => String(n).repeat(32))), 'validation_failed')
    refused(t, await alice.post('/bob', {}), 'validation_failed')
    const pretended = await uploadTo(alice, 'bob', loadProfile(), { mediaType: 'image/png', fileName: 'meter.png' })
    t.match(refused(t, await sendFiles(alice, 'bob', [pretended]), 'attachment_mismatch'), { detail: 'The file is not of the type image/png' })
    refused(t, await sendFiles(alice, 'bob', [mine, pretended]), 'attachment_mismatch')
    const sealed = await uploadTo(alice, 'bob', Buffer.from('\u0000MZ nobody looks at this'), { sealed: true, mediaType: 'application/octet-stream' })
    const { seq } = (await sendFiles(alice, 'bob', [mine, sealed])).json<Message>()
    refused(t, await sendFiles(alice, 'bob', [mine]), 'attachment_used')
    refused(t, await sendFiles(alice, 'bob', [mine], opening()), 'attachment_used')
    t.equal((await alice.get('/bob?limit=1')).json<MessagePage>().messages[0]?.seq, seq, 'nothing was written')
    t.equal((await stored(pretended)).state, 'pending')
  })

  t.test('what was acknowledged stays so although its files are taken by then', async t => {
    const [file, other] = [await uploadTo(alice, 'bob'), await uploadTo(alice, 'bob')]
    const headers = { 'idempotency-key': 'once' }
    const sent = await sendFiles(alice, 'bob', [file], { text: 'once', headers })
    const again = await sendFiles(alice, 'bob', [file], { text: 'once', headers })
    t.match([again.statusCode, again.headers['idempotent-replayed']], [201, 'true'])
    t.strictSame(again.json(), sent.json())
    refused(t, await sendFiles(alice, 'bob', [other], { text: 'once', headers }), 'idempotency_key_reused')
    refused(t, await alice.say('bob', 'once', headers), 'idempotency_key_reused')
    refused(t, await sendFiles(alice, 'bob', [file], { text: 'once' }), 'attachment_used')
    const key = { 'idempotency-key': 'an-offer' }
    const terms = opening()
    const offer = await sendFiles(alice, 'bob', [other], { ...terms, headers: key })
    const same = await sendFiles(alice, 'bob', [other], { ...terms, headers: key })
    t.strictSame([same.statusCode, same.headers['idempotent-replayed'], same.json()], [201, 'true', offer.json()])
    // A refusal leaves no trace.
    const later = await announce(alice, described('bob', loadProfile()))
    const { attachmentId } = later.json<AttachmentUpload>()
    refused(t, await sendFiles(alice, 'bob', [attachmentId], { headers: { 'idempotency-key': 'early' } }), 'attachment_not_uploaded')
    t.equal((await alice.say('bob', 'no file', { 'idempotency-key': 'early' })).statusCode, 201)
  })

  t.test('one that waits for its message for a day is gone, and can be announced again', async t => {
    const bytes = loadProfile()
    const headers = { 'idempotency-key': 'late' }
    const first = await made(t, alice, described('bob', bytes), headers)
    await put(app, first, bytes)
    setAhead(day + 1000)
    t.teardown(() => setAhead(0))
    refused(t, await find(alice, first.attachmentId), 'attachment_not_found')
    refused(t, await sendFiles(alice, 'bob', [first.attachmentId]), 'attachment_not_found')
    const again = await announce(alice, described('bob', bytes), headers)
    t.match([again.statusCode, again.headers['idempotent-replayed']], [201, undefined])
    t.equal(again.json<AttachmentUpload>().attachmentId, first.attachmentId)
    t.equal((await sendFiles(alice, 'bob', [first.attachmentId])).statusCode, 201)
    t.strictSame(await download(bob, first.attachmentId), bytes)
    setAhead(0)
  })

  t.test('who doesn\'t want to hear from a user isn\'t sent files, and what was sent stays theirs', async t => {
    const [dave, erin] = [new TestUser(app, 'dave'), new TestUser(app, 'erin')]
    await acquaint(app, 'dave', 'erin')
    const bytes = loadProfile()
    const { attachments: [sent] = [] } = await sendFile(dave, 'erin', bytes)
    const ready = await uploadTo(dave, 'erin')
    await erin.put('/blocks/dave')
    refused(t, await announce(dave, described('erin', bytes)), 'contact_not_allowed')
    refused(t, await announce(erin, described('dave', bytes)), 'blocked')
    refused(t, await sendFiles(dave, 'erin', [ready]), 'contact_not_allowed')
    for (const user of [dave, erin]) t.strictSame(await download(user, sent!.attachmentId), bytes)
    await erin.delete('/blocks/dave')
    t.equal((await sendFiles(dave, 'erin', [ready])).statusCode, 201, 'the file is still there to be sent')
  })

  t.test('who is suspended announces nothing, and downloads what there is', async t => {
    const frank = new TestUser(app, 'frank')
    const { attachments: [sent] = [] } = await sendFile(frank, 'bob')
    await app.services.suspensions.suspend('frank', { until: new Date(Date.now() + day).toISOString(), reason: 'fraud' }, 'moderators')
    refused(t, await announce(frank, described('bob', loadProfile())), 'suspended')
    t.equal((await find(frank, sent!.attachmentId)).statusCode, 200)
  })
})

t.test('where nothing can be attached there are no routes for it, and nothing can be sent', async t => {
  const app = await testApp(t, { env: { ATTACHMENTS: 'off' } })
  const alice = new TestUser(app, 'alice')
  refused(t, await announce(alice, described('bob', loadProfile())), 'route_not_found')
  refused(t, await find(alice, '0'.repeat(32)), 'route_not_found')
  refused(t, await sendFiles(alice, 'bob', ['0'.repeat(32)], { text: 'x' }), 'attachment_not_found')
  t.equal((await alice.say('bob', 'hello')).statusCode, 201)
})

import { Readable } from 'node:stream'
import t from 'tap'
import type { Attachment, AttachmentUpload } from '../../../schemas/attachment.js'
import { EmbeddedStore } from '../../../src/storage/embedded/store.js'
import { storageUnavailable } from '../../../src/storage/faults.js'
import type { Verdict } from '../../../src/storage/object-store.js'
import { announce, described, find, loadProfile, sendFiles, untilGone } from '../../support/attachments.js'
import { TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { sendingApp, subscribe } from '../../support/webhooks.js'

t.test('with the store\'s own scanner a file is sent and handed out once that has said that it is clean', async t => {
  const { app, integration, alice, bob, receiver } = await sendingApp(t, { env: { ATTACHMENTS: 's3://files?endpoint=http://127.0.0.1:1', ATTACHMENT_SCAN: 'tag' } })
  await subscribe(integration, receiver.url, ['attachment.infected'])
  // GuardDuty can't run here: the objects are files, and what it says of them is said here.
  const store = new EmbeddedStore({ folder: t.testdir(), secrets: ['a secret of this test'], now: Date.now })
  for (const name of ['signUpload', 'signDownload', 'head', 'readStart', 'keep', 'remove'] as const) {
    t.intercept(app.storage!, name, { value: store[name].bind(store) })
  }
  const verdicts = new Map<string, Verdict>()
  const asked: string[] = []
  let say = async (key: string): Promise<Verdict | undefined> => verdicts.get(key)
  t.intercept(app.storage!, 'verdict', {
    value: async (key: string) => {
      asked.push(key)
      return await say(key)
    }
  })

  async function upload (fileName: string) {
    const bytes = loadProfile()
    const file = described('bob', bytes, { fileName })
    const { attachmentId } = (await announce(alice, file)).json<AttachmentUpload>()
    await store.receive({ key: attachmentId, sha256: file.sha256 }, Readable.from([bytes]))
    return attachmentId
  }

  const send = async (attachmentId: string) => await sendFiles(alice, 'bob', [attachmentId])

  /** Sends one that is thought to be clean, of which nothing more is said then. */
  async function sent (fileName: string) {
    const attachmentId = await upload(fileName)
    verdicts.set(attachmentId, 'clean')
    const response = await send(attachmentId)
    t.equal(response.statusCode, 201, response.body)
    verdicts.delete(attachmentId)
    return attachmentId
  }

  const awaited = await upload('awaited.csv')
  const refusal = await send(awaited)
  refused(t, refusal, 'attachment_scanning')
  t.equal(refusal.headers['retry-after'], '5')
  verdicts.set(awaited, 'infected')
  refused(t, await send(awaited), 'attachment_unavailable')
  await untilGone(app, awaited)

  const locked = await upload('locked.csv')
  verdicts.set(locked, 'unscannable')
  refused(t, await send(locked), 'attachment_type_not_allowed')

  const [clean, infected, erased] = [await sent('clean.csv'), await sent('infected.csv'), await sent('erased.csv')]
  asked.length = 0
  for (const user of [alice, bob]) {
    const response = await find(user, clean)
    refused(t, response, 'attachment_scanning', user.id)
    t.equal(response.headers['retry-after'], '5')
  }
  refused(t, await find(new TestUser(app, 'carol'), clean), 'attachment_not_found')
  verdicts.set(clean, 'clean')
  for (const user of [bob, alice, bob]) t.match((await find(user, clean)).json<Attachment>().download?.url, clean, user.id)
  t.strictSame(asked, [clean, clean, clean], 'a good verdict is asked for once')

  const grown = await sent('grown.csv')
  verdicts.set(grown, 'unscannable')
  refused(t, await find(bob, grown), 'attachment_unavailable')

  const usual = say
  say = async () => { throw storageUnavailable(new Error('The store is away')) }
  refused(t, await find(bob, infected), 'storage_unavailable')
  t.equal((await find(bob, clean)).statusCode, 200)
  say = usual

  verdicts.set(infected, 'infected')
  asked.length = 0
  for (const user of [bob, alice, bob]) refused(t, await find(user, infected), 'attachment_unavailable', user.id)
  t.strictSame(asked, [infected], 'a bad one too')
  await untilGone(app, infected)
  await receiver.until(received => received.length === 2)
  t.strictSame(receiver.received.flatMap(({ event }) => event.type === 'attachment.infected' ? event.data.attachment.fileName : []).sort(), ['awaited.csv', 'infected.csv'])
  t.match((await bob.get('/alice')).json(), { messages: [{}, {}, { attachments: [{ attachmentId: infected }] }, {}] }, 'that there was one stays')

  // Its owner is erased while the scanner is asked.
  const { direct } = app.entities
  say = async () => {
    await direct.write(direct.attachment.update({ attachmentId: erased }, { state: 'erased' }, {}))
    return 'clean'
  }
  refused(t, await find(bob, erased), 'attachment_unavailable')
})

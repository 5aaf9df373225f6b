import t from 'tap'
import { createAttachments } from '../../../client/src/attachments/index.js'
import { memoryStorage } from '../../../client/src/store/index.js'
import { acquaint } from '../../support/acquaint.js'
import { liveApp } from '../../support/live.js'
import { terms } from '../../support/trades.js'
import { openWire } from '../clients.js'
import { live, openStore } from './stores.js'

const { app, url, user } = await liveApp(t)
await acquaint(app, 'ann', 'bob')

/** A file that Ann has uploaded for Bob. */
async function uploaded (fileName: string) {
  const { data } = await createAttachments({ baseUrl: url, token: user('ann').token }).upload('bob', new Blob(['a;1\n'], { type: 'text/csv' }), { fileName })
  if (data === undefined) throw new Error(`${fileName} wasn't uploaded`)
  return data
}

/** The names of the files of all entries. */
function filesIn ({ thread }: ReturnType<typeof openStore>, userId: string) {
  return thread(userId)?.entries.map(({ message, state }) => [...'attachments' in message ? message.attachments ?? [] : []].map(({ fileName }) => `${fileName} ${state}`).join()).filter(Boolean)
}

t.test('what is sent with files has them from the first moment on, for both, in threads and lists', async t => {
  const ann = openStore(t, { baseUrl: url, token: user('ann').token })
  const bob = openStore(t, { baseUrl: url, token: user('bob').token })
  ann.store.openThread('bob')
  bob.store.openThread('ann')
  await Promise.all([live(ann.store), live(bob.store)])
  await ann.shows('the thread is there', () => ann.thread('bob')?.status === 'ready')
  const files = [await uploaded('one.csv'), await uploaded('two.csv')]
  ann.store.send('bob', { attachments: files })
  t.match(ann.thread('bob')?.entries.at(-1), { state: 'sending', message: { messageType: 'text', text: '', attachments: files } })
  await ann.shows('they are there', () => filesIn(ann, 'bob')?.at(-1) === 'one.csv delivered,two.csv delivered')
  await bob.shows('bob has them', () => filesIn(bob, 'ann')?.at(-1) === 'one.csv received,two.csv received')
  t.same(ann.item('bob')?.lastMessage, bob.item('ann')?.lastMessage)
  const { lastMessage } = (await user('ann').get('/conversations/bob')).json<{ lastMessage: object }>()
  t.same(ann.item('bob')?.lastMessage, lastMessage)
  t.match(lastMessage, { text: '', attachments: 2 })
})

t.test('an offer may have files', async t => {
  const ann = openStore(t, { baseUrl: url, token: user('ann').token })
  ann.store.openThread('bob')
  await live(ann.store)
  ann.store.send('bob', { ...terms(), text: 'as in the contract', attachments: [await uploaded('contract.csv')] })
  t.match(ann.thread('bob')?.entries.at(-1), { message: { messageType: 'tradeOffer', text: 'as in the contract', terms: { attachments: undefined } } })
  await ann.shows('it is there', () => filesIn(ann, 'bob')?.at(-1) === 'contract.csv delivered')
  await ann.shows('it is in the list', () => ann.item('bob')?.lastMessage?.attachments === 1)
})

t.test('what is refused because of its files has failed, says why, and what comes after it goes on', async t => {
  const ann = openStore(t, { baseUrl: url, token: user('ann').token })
  ann.store.openThread('bob')
  await live(ann.store)
  const file = await uploaded('once.csv')
  ann.store.send('bob', { text: 'first', attachments: [file] })
  const again = ann.store.send('bob', { text: 'again', attachments: [file] })
  const nothing = ann.store.send('bob', { attachments: [{ ...file, attachmentId: 'f'.repeat(32) }] })
  ann.store.send('bob', { text: 'after it' })
  await ann.shows('the last is there', () => ann.texts('bob').includes('after it delivered'))
  const errorOf = (key: string) => ann.thread('bob')?.entries.find(entry => entry.key === key)?.error
  t.match(errorOf(again), { code: 'attachment_used', status: 409 })
  t.match(errorOf(nothing), { code: 'attachment_not_found', status: 404 })
  t.match(ann.thread('bob')?.refusal, undefined)
})

t.test('what is still being looked at for malware is sent when that is done', async t => {
  const scanning = { type: 'urn:equilux:problem:attachment_scanning', title: 'Still being checked', status: 409, code: 'attachment_scanning' }
  let asked = 0
  const ann = openStore(t, {
    baseUrl: url,
    token: user('ann').token,
    async fetch (input, init) {
      const request = new Request(input, init)
      if (request.method !== 'POST' || ++asked > 2) return await fetch(request)
      return new Response(JSON.stringify(scanning), { status: 409, headers: { 'content-type': 'application/problem+json', 'retry-after': '0' } })
    }
  })
  ann.store.openThread('bob')
  await live(ann.store)
  ann.store.send('bob', { attachments: [await uploaded('scanned.csv')] })
  await ann.shows('it is there', () => filesIn(ann, 'bob')?.at(-1) === 'scanned.csv delivered')
  t.equal(asked, 3)
})

t.test('what waits with files is kept with all that is shown of them, and sent after a reload', async t => {
  const wire = await openWire(t, url)
  const options = { baseUrl: wire.url, token: user('ann').token, userId: 'ann', persist: true, storage: memoryStorage() }
  const before = openStore(t, options)
  before.store.openThread('bob')
  await live(before.store)
  const file = await uploaded('later.csv')
  wire.redirect('http://127.0.0.1:1')
  before.store.send('bob', { attachments: [file] })
  await before.shows('it waits', () => filesIn(before, 'bob')?.at(-1) === 'later.csv queued')
  before.store.close()
  const after = openStore(t, options)
  after.store.openThread('bob')
  await after.shows('it is shown', () => filesIn(after, 'bob')?.at(-1)?.startsWith('later.csv ') === true)
  t.match(after.thread('bob')?.entries.at(-1), { message: { attachments: [file] } })
  wire.redirect(url)
  await after.shows('it is there', () => filesIn(after, 'bob')?.at(-1) === 'later.csv delivered')
})

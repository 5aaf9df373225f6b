import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { memoryStorage, type LockManagerLike } from '../../../client/src/store/index.js'
import { acquaint } from '../../support/acquaint.js'
import { liveApp, sleep, until } from '../../support/live.js'
import { openWire } from '../clients.js'
import { modelLocks } from './model-wire.js'
import { live, openStore, quiet } from './stores.js'

t.test('the tabs of a browser share one connection, and the next one takes over at once', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  const locks = modelLocks()
  const options = { baseUrl: url, token: user('ann').token, shareConnection: true, locks }
  const tabs = [openStore(t, options), openStore(t, options), openStore(t, options)] as const
  for (const { store } of tabs) {
    store.openThread('bob')
    await live(store)
  }
  t.equal(app.hub.size.connections, 1)
  t.same(tabs.map(({ store }) => store.getSnapshot().connection.isLeader), [true, false, false])
  for (const { shows, thread } of tabs) await shows('the thread is there', () => thread('bob')?.status === 'ready')

  tabs[2].store.send('bob', { text: 'from the third' })
  for (const { shows, texts } of tabs) await shows('it is in all tabs', () => texts('bob').at(-1) === 'from the third delivered')
  tabs[1].store.mute('bob', true)
  for (const { shows, item } of tabs) await shows('it is muted in all tabs', () => item('bob')?.isMuted === true)

  tabs[0].store.close()
  await user('bob').say('ann', 'while they change')
  for (const { shows, texts } of tabs.slice(1)) await shows('it is in the others', () => texts('bob').at(-1) === 'while they change received')
  t.same(tabs.map(({ store }) => store.getSnapshot().connection.isLeader), [true, true, false])
  t.equal(app.hub.size.connections, 1)
})

t.test('tabs of different users share nothing', async t => {
  const { app, url, user } = await liveApp(t)
  const locks: LockManagerLike = modelLocks()
  const stores = ['ann', 'bob'].map(id => openStore(t, { baseUrl: url, token: user(id).token, shareConnection: true, locks }))
  for (const { store } of stores) await live(store)
  t.equal(app.hub.size.connections, 2)
})

t.test('what was sent without a connection survives a reload, is shown at once and is sent once', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  const wire = await openWire(t, url)
  const storage = memoryStorage()
  const options = { baseUrl: wire.url, token: user('ann').token, persist: true, storage }
  const first = openStore(t, options)
  first.store.openThread('bob')
  await live(first.store)
  await first.shows('the thread is there', () => first.thread('bob')?.status === 'ready')
  await first.store.mute('bob', true)
  await quiet(first.store)
  wire.redirect('http://127.0.0.1:1')
  for (const text of ['1', '2', '3']) first.store.send('bob', { text })
  first.store.close()
  // What was begun to be kept is.
  await turn()

  const second = openStore(t, options)
  await second.shows('all is shown before the server answers', () => second.texts('bob').length === 5)
  t.match(second.store.getSnapshot(), { me: 'ann', conversations: { items: [{ userId: 'bob', isMuted: true }] } })
  t.not(second.store.getSnapshot().connection.status, 'live')
  second.store.openThread('bob')
  wire.redirect(url)
  await second.shows('they are sent', () => second.texts('bob').slice(2).join() === '1 delivered,2 delivered,3 delivered')
  const { messages } = (await user('bob').get('/ann?order=asc')).json<{ messages: Array<{ text: string }> }>()
  t.same(messages.map(({ text }) => text), ['hello', 'hello', '1', '2', '3'])
  await turn()
  t.same((await storage.read('')).filter(([key]) => key.includes('/outbox/')), [])

  const other = openStore(t, { ...options, token: user('cat').token })
  await live(other.store)
  t.match(other.store.getSnapshot(), { me: 'cat', conversations: { items: [] }, threads: {} })
})

t.test('what is given up stays so, though it was just being read from where it was kept', async t => {
  const { url, user } = await liveApp(t)
  const wire = await openWire(t, url)
  const kept = memoryStorage()
  let reads = 0
  let gate = Promise.resolve()
  const storage = {
    ...kept,
    read: async (prefix: string) => {
      const found = await kept.read(prefix)
      reads++
      await gate
      return found
    }
  }
  const { store, texts, shows } = openStore(t, { baseUrl: wire.url, token: user('ann').token, persist: true, storage })
  await live(store)
  const key = store.send('bob', { text: '' })
  await shows('it is refused', () => texts('bob').join() === ' failed')
  await quiet(store)
  let open = () => {}
  gate = new Promise(resolve => { open = resolve })
  const before = reads
  wire.cut()
  await until('it is live again, and reads', () => reads > before)
  store.discard(key)
  open()
  await quiet(store)
  t.same(texts('bob'), [])
})

t.test('a storage that fails is reported once, and the chat goes on', async t => {
  const { url, user } = await liveApp(t)
  const fail = async (): Promise<never> => { throw new Error('full') }
  const codes: string[] = []
  const { store, texts, shows } = openStore(t, {
    baseUrl: url, token: user('ann').token, persist: true, storage: { read: fail, write: fail, delete: fail }, onError: ({ code }) => codes.push(code)
  })
  store.openThread('bob')
  store.send('bob', { text: 'all the same' })
  await shows('it is there', () => texts('bob').join() === 'all the same delivered')
  t.same(codes, ['storage_unavailable'])
})

t.test('who closes a store for good has nothing of it kept, unlike others', async t => {
  const { url, user } = await liveApp(t)
  const storage = memoryStorage()
  const isKept = async (userId: string) => (await storage.read('')).some(([key]) => key.includes(`/${userId}/`))
  const open = (userId: string) => openStore(t, { baseUrl: url, token: user(userId).token, persist: true, storage })
  const [ann, eve] = [open('ann'), open('eve')]
  for (const { store, texts, shows } of [ann, eve]) {
    store.openThread('bob')
    store.send('bob', { text: 'hello' })
    await shows('it is there', () => texts('bob').join() === 'hello delivered')
  }
  while (!await isKept('ann')) await sleep(20)
  eve.store.close()
  ann.store.close({ forget: true })
  while (await isKept('ann')) await sleep(20)
  // Longer than changes are collected.
  await sleep(1000)
  t.same([await isKept('ann'), await isKept('eve')], [false, true])
})

t.test('who closes a store for good before it knows whose it is has nothing of it kept either', async t => {
  const { url, user } = await liveApp(t)
  const storage = memoryStorage()
  const isKept = async () => (await storage.read('')).length > 0
  const first = openStore(t, { baseUrl: url, token: user('ann').token, persist: true, storage })
  first.store.openThread('bob')
  first.store.send('bob', { text: 'hello' })
  await first.shows('it is there', () => first.texts('bob').join() === 'hello delivered')
  while (!await isKept()) await sleep(20)
  first.store.close()
  await sleep(1000)
  t.equal(await isKept(), true)

  let tell: (token: string) => void = () => {}
  const { store } = openStore(t, { baseUrl: url, token: async () => await new Promise<string>(resolve => { tell = resolve }), persist: true, storage })
  store.send('bob', { text: 'never' })
  store.close({ forget: true })
  tell(user('ann').token)
  while (await isKept()) await sleep(20)
  await sleep(1000)
  t.equal(await isKept(), false)
})

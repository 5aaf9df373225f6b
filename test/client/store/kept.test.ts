import t from 'tap'
import { memoryStorage } from '../../../client/src/store/index.js'
import { acquaint } from '../../support/acquaint.js'
import { erase, signedIn } from '../../support/erasure.js'
import { liveApp, sleep } from '../../support/live.js'
import { live, openStore, quiet } from './stores.js'

const grace = 31 * 24 * 60 * 60 * 1000

for (const since of [0, 40, 50, 51, 120]) {
  t.test(`nothing that was kept of a user who was erased is shown with a connection, after ${since} messages`, async t => {
    const { app, url, user } = await liveApp(t)
    await acquaint(app, 'ann', 'bob')
    for (let n = 1; n <= 60; n++) await user('bob').say('ann', `secret ${n}`)
    const options = { baseUrl: url, token: user('ann').token, persist: true, storage: memoryStorage() }
    const first = openStore(t, options)
    first.store.openThread('bob')
    await first.shows('the newest page is there', () => first.texts('bob').includes('secret 60 received'))
    await first.store.loadOlder('bob')
    await first.shows('older ones are', () => first.texts('bob').includes('secret 5 received'))
    await quiet(first.store)
    first.store.close()
    for (let n = 1; n <= since; n++) await user('ann').say('bob', `own ${n}`)
    // What was said in the last seconds comes again by itself.
    const now = app.clock.now.bind(app.clock)
    t.intercept(app.clock, 'now', { value: () => now() + 60_000 })
    await signedIn(app, 'bob').request({ method: 'DELETE', url: '/api/me' })
    await erase(app, 'bob', grace)

    const { store, texts, shows } = openStore(t, options)
    store.openThread('bob')
    await live(store)
    await shows('it is read', () => store.getSnapshot().threads.bob?.status === 'ready')
    await quiet(store)
    t.ok(texts('bob').length >= 30)
    t.same(texts('bob').filter(text => text.startsWith('secret')), [])
    while (store.getSnapshot().threads.bob?.hasOlder) await store.loadOlder('bob')
    t.same(texts('bob').filter(text => text.startsWith('secret')), [])
  })
}

t.test('who has closed a store for good keeps nothing of what is sent after', async t => {
  const { url, user } = await liveApp(t)
  const storage = memoryStorage()
  const { store } = openStore(t, { baseUrl: url, token: user('ann').token, persist: true, storage })
  await live(store)
  while ((await storage.read('')).length === 0) await sleep(20)
  store.close({ forget: true })
  store.send('bob', { text: 'late' })
  await sleep(1000)
  t.same(await storage.read(''), [])
})

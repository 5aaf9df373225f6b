import t from 'tap'
import type { MissedPage } from '../../../schemas/sync.js'
import { pairOf } from '../../../src/services/messaging/pair.js'
import type { testApp } from '../../support/helper.js'
import { TestUser } from '../../support/helper.js'
import { liveApp, unannounced } from '../../support/live.js'
import { requestUnits } from '../../support/request-units.js'

/** A server on whose table alice has so many conversations, half of them with acquaintances. */
async function withConversations (t: Parameters<typeof testApp>[0], count: number) {
  const live = await liveApp(t)
  const { app, user } = live
  await user('bob').say('alice', 'x'.repeat(480))
  await user('alice').say('bob', 'x'.repeat(480))
  const { conversation, user: entry } = app.entities.entities
  const { data: head } = await conversation.get({ conversationId: 'alice~bob' }).go()
  const { data: profile } = await entry.get({ userId: 'bob' }).go()
  // By turns before and after alice.
  const others = Array.from({ length: count - 1 }, (_, n) => `${n % 2 === 0 ? '0' : 'z'}${n}`)
  const read = { firstReadSeq: 1, firstReadCount: 0, firstReadAt: Date.now(), secondReadSeq: 1, secondReadCount: 0, secondReadAt: Date.now() }
  await conversation.put(others.map((id, n) => ({
    ...head!, ...read, ...pairOf('alice', id), firstSent: n % 4 < 2 ? 1 : 2, secondSent: n % 4 < 2 ? 1 : 0, indexedAt: head!.indexedAt - 3_600_000 - n
  }))).go({ concurrent: 8 })
  await entry.put(others.map(userId => ({ ...profile!, userId }))).go({ concurrent: 8 })
  unannounced(app)
  await user('alice').get('/trades')
  return { ...live, meter: requestUnits(app), cursor: (await user('alice').get('/sync')).json<MissedPage>().cursor }
}

t.test('what has changed costs 1 read unit for each of at most 50 conversations, half a one for each acquaintance, and the index', async t => {
  for (const count of [5, 50, 200]) {
    const { browser, user, meter, cursor } = await withConversations(t, count)
    const looked = Math.min(count, 50)
    const most = looked + Math.ceil(looked / 2 + 1) / 2 + 2
    const alice = new TestUser(user('alice').app, 'alice')
    const bare = await meter(async () => { await alice.get(`/sync?since=${cursor}`) })
    t.ok(bare.read <= 5 && bare.write === 0, `sync without changes: ${bare.read}`)
    const changes = await meter(async () => { t.equal((await alice.get(`/sync?since=${cursor}&changes=true`)).statusCode, 200) })
    // And the names of strangers, where they aren't remembered.
    t.ok(changes.read <= bare.read + most + looked / 4 + 1, `sync with changes, ${count} conversations: ${changes.read} read units`)
    const socket = await browser()
    const live = await meter(async () => {
      socket.send({ type: 'auth', data: { token: alice.token, since: cursor } })
      await socket.next('resumed')
    })
    t.ok(live.read <= bare.read + most, `a catch-up, ${count} conversations: ${live.read} of ${bare.read + most} read units`)
    t.ok(live.read >= looked, 'each is looked at')
    socket.socket.terminate()
  }
})

import { createElement, type FunctionComponent } from 'react'
import t from 'tap'
import { WebSocket } from 'ws'
import { useConnection, useConversations, useOffer, useThread } from '../../../client/src/react/index.js'
import { createStore } from '../../../client/src/store/index.js'
import { liveApp, until } from '../../support/live.js'
import { open as openOffer, respond } from '../../support/trades.js'
import { mount } from './page.js'

t.test('with a store that follows a server, what happens renders what shows it and nothing else', async t => {
  const { url, user } = await liveApp(t)
  const [ann, bob, eve] = [user('ann'), user('bob'), user('eve')]
  await bob.say('ann', 'hello')
  await eve.say('ann', 'good morning')
  const offer = await openOffer(eve, ann)
  const store = createStore({ baseUrl: url, token: ann.token, WebSocket })
  t.teardown(() => store.close())
  const renders: Record<string, number> = {}
  const shows = (name: string, hook: () => unknown): FunctionComponent => () => {
    renders[name] = (renders[name] ?? 0) + 1
    return createElement('p', null, `${name}: ${hook()}. `)
  }
  const parts = [
    shows('bob', () => useThread('bob').entries.map(({ message }) => message.text)),
    shows('eve', () => useThread('eve').entries.length),
    shows('offer', () => useOffer(offer.messageId)?.status),
    shows('connection', () => useConnection().status),
    shows('list', () => useConversations().requests.map(({ userId, unreadCount }) => `${userId} ${unreadCount}`))
  ]
  const { act, text } = await mount(t, store, ...parts.map(part => createElement(part)))
  // As listeners were told last: the snapshot is ahead of what they know.
  let told = ''
  t.teardown(store.subscribe(() => {
    const { connection, conversations: { status, requests }, threads } = store.getSnapshot()
    const lengths = ['bob', 'eve'].map(userId => threads[userId]).map(thread => thread?.status === 'ready' && !thread.hasNewer && thread.entries.length)
    told = [connection.status, status, ...lengths, ...requests.map(({ userId, unreadCount }) => `${userId} ${unreadCount}`)].join()
  }))
  const hasCome = async (bob: number, eve: number, list: string) =>
    await until('everything has come', () => told === `live,ready,${bob},${eve},${list}`)
  await act(async () => {
    store.start()
    await hasCome(1, 2, 'eve 2,bob 1')
  })
  t.equal(text(), 'bob: hello. eve: 2. offer: pending. connection: live. list: eve 2,bob 1. ')

  const before = { ...renders }
  await act(async () => {
    await bob.say('ann', 'again')
    await hasCome(2, 2, 'bob 2,eve 2')
  })
  t.equal(text(), 'bob: hello,again. eve: 2. offer: pending. connection: live. list: bob 2,eve 2. ')
  t.same({ eve: renders.eve, offer: renders.offer, connection: renders.connection }, { eve: before.eve, offer: before.offer, connection: before.connection })

  const then = { ...renders }
  await act(async () => {
    await respond(eve, offer, { response: 'withdraw' })
    await hasCome(2, 3, 'eve 3,bob 2')
  })
  t.equal(text(), 'bob: hello,again. eve: 3. offer: withdrawn. connection: live. list: eve 3,bob 2. ')
  t.same({ bob: renders.bob, connection: renders.connection }, { bob: then.bob, connection: then.connection })
})

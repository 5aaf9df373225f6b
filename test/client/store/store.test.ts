import t, { type Test } from 'tap'
import { createStore, type StoreOptions } from '../../../client/src/store/index.js'
import { acquaint } from '../../support/acquaint.js'
import { liveApp, until } from '../../support/live.js'
import { opening, open as openOffer, respond, terms } from '../../support/trades.js'
import { garbling, intercepting, openWire, unreliable } from '../clients.js'
import { live, openStore, quiet } from './stores.js'

/** Ann's store, live, with the thread with Bob open, whom she knows. */
async function annWithBob (t: Test) {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  const ann = openStore(t, { baseUrl: url, token: user('ann').token })
  ann.store.openThread('bob')
  await live(ann.store)
  return { user, ...ann }
}

t.test('what is sent is shown at once, and once, from the first moment to the receipt', async t => {
  const { user, store, thread, texts, shows } = await annWithBob(t)
  await shows('the thread is there', () => thread('bob')?.status === 'ready')
  const states = new Set<string>()
  const counts = new Set<number>()
  store.subscribe(() => {
    const entries = thread('bob')?.entries.filter(({ message }) => message.text === 'Grüße ☀') ?? []
    counts.add(entries.length)
    for (const { state } of entries) states.add(state)
  })
  const key = store.send('bob', { text: 'Grüße ☀' })
  t.same(texts('bob'), ['hello delivered', 'hello received', 'Grüße ☀ sending'])
  await shows('it is delivered', () => thread('bob')?.entries.at(-1)?.state === 'delivered')
  await user('bob').post('/conversations/ann/read', { seq: 3 })
  await until('it is read', () => states.has('read'))
  t.same([...states], ['sending', 'delivered', 'read'])
  t.same([...counts], [1])
  t.match(thread('bob')?.entries.at(-1), { key, isOwn: true, message: { seq: 3, clientId: key } })
})

t.test('a stranger\'s first message appears at once, with the name soon after; what was read elsewhere is read', async t => {
  const { url, user } = await liveApp(t)
  const { store, item, shows } = openStore(t, { baseUrl: url, token: user('ann').token })
  await live(store)
  await user('bob').say('ann', 'May I?')
  await shows('it is there', () => item('bob')?.unreadCount === 1)
  t.match(item('bob'), { lastMessage: { text: 'May I?' }, seq: 1 })
  await shows('the name is there', () => item('bob')?.user.username === 'bob' && store.getSnapshot().conversations.status === 'ready')
  t.equal(store.getSnapshot().conversations.unread, 1)
  await user('ann').post('/conversations/bob/read', { seq: 1 })
  await shows('it is read', ({ conversations }) => conversations.unread === 0)
  t.equal(item('bob')?.lastReadSeq, 1)
})

t.test('what is read here is read on the server, and told to the other user', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  const ann = openStore(t, { baseUrl: url, token: user('ann').token })
  const bob = openStore(t, { baseUrl: url, token: user('bob').token })
  await Promise.all([live(ann.store), live(bob.store)])
  await ann.shows('the conversation is there', () => ann.item('bob')?.unreadCount === 1)
  bob.store.openThread('ann')
  ann.store.markRead('bob')
  t.equal(ann.item('bob')?.unreadCount, 0)
  await bob.shows('bob knows', () => bob.thread('ann')?.entries.at(-1)?.state === 'read')
  ann.store.typing('bob')
  await bob.shows('ann is typing', () => bob.thread('ann')?.isTyping === true && bob.item('ann')?.isTyping === true)
  ann.store.stopTyping('bob')
  await bob.shows('ann stopped', () => bob.thread('ann')?.isTyping === false)
})

t.test('what is sent while the wire is cut waits, and goes out in order and once', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  const wire = await openWire(t, url)
  const { store, thread, texts, shows } = openStore(t, { baseUrl: wire.url, token: user('ann').token })
  store.openThread('bob')
  await live(store)
  await shows('the thread is there', () => thread('bob')?.status === 'ready')
  wire.redirect('http://127.0.0.1:1')
  for (const text of ['1', '2', '3']) store.send('bob', { text })
  await shows('they wait', () => texts('bob').slice(2).join() === '1 queued,2 queued,3 queued')
  wire.redirect(url)
  await shows('they are there', () => texts('bob').slice(2).join() === '1 delivered,2 delivered,3 delivered')
  const { messages } = (await user('bob').get('/ann?order=asc')).json<{ messages: Array<{ text: string }> }>()
  t.same(messages.map(({ text }) => text), ['hello', 'hello', '1', '2', '3'])
})

t.test('what the server refuses fails, and can be tried again or discarded; what comes after it goes on', async t => {
  const { store, thread, texts, shows } = await annWithBob(t)
  const key = store.send('bob', { text: '' })
  store.send('bob', { text: 'after it' })
  await shows('one failed, one went on', () => texts('bob').slice(2).join() === 'after it delivered, failed')
  t.match(thread('bob')?.entries.at(-1), { key, error: { code: 'validation_failed', status: 400, retryable: false } })
  store.retry(key)
  t.equal(thread('bob')?.entries.at(-1)?.state, 'sending')
  await shows('it failed again', () => thread('bob')?.entries.at(-1)?.state === 'failed')
  store.discard(key)
  t.same(texts('bob').slice(2), ['after it delivered'])
})

t.test('an offer is shown as it is now wherever it is shown; a move that comes too late brings it', async t => {
  const { app, url, user } = await liveApp(t)
  const [ann, bob] = [user('ann'), user('bob')]
  await acquaint(app, 'ann', 'bob')
  const { messageId } = await openOffer(bob, ann)
  const { store, item, shows } = openStore(t, { baseUrl: url, token: ann.token })
  await live(store)
  await shows('it is ann\'s move', ({ conversations }) => conversations.yourMove === 1 && item('bob')?.yourMove === 1)
  const countered = await store.respond(messageId, { response: 'counter', pricePerUnit: 0.3 })
  t.match(countered, { offer: { status: 'countered', revision: 2, awaiting: 'bob' }, error: undefined })
  t.match(store.getSnapshot().offers[messageId], { revision: 2 })
  t.equal(store.getSnapshot().conversations.yourMove, 0)
  await respond(bob, { messageId }, { response: 'accept', revision: 2 })
  const late = await store.respond(messageId, { response: 'withdraw' })
  t.match(late, { offer: { status: 'accepted' }, error: { code: 'trade_closed', status: 409, offer: { status: 'accepted' } } })
  t.match(store.getSnapshot().offers[messageId], { status: 'accepted', awaiting: null })
})

t.test('an offer that is sent is one message with one offer, and expires by itself', async t => {
  const { url, user } = await liveApp(t)
  const { store, thread, shows } = openStore(t, { baseUrl: url, token: user('ann').token })
  store.openThread('bob')
  await live(store)
  store.send('bob', { ...terms(), text: 'Energy?', expiresAt: new Date(store.now() + 3000).toISOString() })
  t.match(thread('bob')?.entries, [{ state: 'sending', message: { messageType: 'tradeOffer', text: 'Energy?', terms: { pricePerUnit: 0.27 } } }])
  await shows('it is there', () => thread('bob')?.entries[0]?.state === 'delivered')
  const offerOf = () => Object.values(store.getSnapshot().offers)
  t.match(offerOf(), [{ awaiting: 'bob' }])
  let wasTold = false
  store.subscribe(() => { wasTold ||= offerOf()[0]?.status === 'expired' })
  await until('it has expired', () => wasTold)
  t.match(offerOf(), [{ status: 'expired', awaiting: null, updatedAt: offerOf()[0]?.currentProposal.expiresAt }])
})

t.test('a page of conversations that was refused is read when it is asked for again', async t => {
  const { app, url, user } = await liveApp(t)
  for (const other of ['bob', 'cat']) await acquaint(app, 'ann', other)
  let isProxied = true
  const { store, shows } = openStore(t, {
    baseUrl: url,
    token: user('ann').token,
    pageSize: 1,
    fetch: async (...call) => isProxied ? new Response('<p>There is nothing here</p>', { status: 404 }) : await fetch(...call)
  })
  await live(store)
  await shows('the first page has failed', ({ conversations }) => conversations.status === 'failed')
  t.match(await store.loadConversations(), { code: 'unexpected_answer', status: 404 })
  isProxied = false
  t.equal(await store.loadConversations(), undefined)
  t.match(store.getSnapshot().conversations, { status: 'ready', items: { length: 1 }, hasMore: true })
  isProxied = true
  t.match(await store.loadConversations(), { code: 'unexpected_answer', status: 404 })
  t.match(store.getSnapshot().conversations, { status: 'failed', hasMore: true })
  isProxied = false
  t.equal(await store.loadConversations(), undefined)
  t.match(store.getSnapshot().conversations, { status: 'ready', items: { length: 2 } })
})

t.test('a thread is read in pages in both directions', async t => {
  const { url, user } = await liveApp(t)
  for (let n = 1; n <= 12; n++) await user('bob').say('ann', String(n))
  const { store, thread, texts, shows } = openStore(t, { baseUrl: url, token: user('ann').token, pageSize: 5 })
  store.openThread('bob')
  await shows('the newest page is there', () => thread('bob')?.status === 'ready')
  t.same(texts('bob'), ['8', '9', '10', '11', '12'].map(text => `${text} received`))
  t.equal(thread('bob')?.hasOlder, true)
  t.same(await Promise.all([store.loadOlder('bob'), store.loadOlder('bob')]), [undefined, undefined])
  t.equal(texts('bob').length, 10)
  await store.loadOlder('bob')
  t.equal(texts('bob').length, 12)
  t.match(thread('bob'), { hasOlder: false, hasNewer: false })
  t.equal(await store.loadNewer('bob'), undefined)
})

t.test('a message in one thread is news for nothing else', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  await acquaint(app, 'ann', 'cat')
  await openOffer(user('cat'), user('ann'))
  const { store, thread, item, shows } = openStore(t, { baseUrl: url, token: user('ann').token })
  for (const other of ['bob', 'cat']) store.openThread(other)
  await live(store)
  await shows('all is there', ({ conversations, offers }) =>
    thread('bob')?.status === 'ready' && thread('cat')?.status === 'ready' && conversations.yourMove === 1 && Object.keys(offers).length === 1)
  await quiet(store)
  const [before, bob, cat, item1, entries] = [store.getSnapshot(), thread('bob'), thread('cat'), item('cat'), thread('bob')?.entries]
  await user('bob').say('ann', 'news')
  await shows('it is there', () => thread('bob')?.entries.length === 3 && item('bob')?.seq === 3)
  t.not(thread('bob'), bob)
  t.equal(thread('cat'), cat)
  t.equal(item('cat'), item1)
  t.equal(store.getSnapshot().offers, before.offers)
  t.equal(thread('bob')?.entries[1], entries?.[1])
  t.equal(store.getSnapshot(), store.getSnapshot())
})

t.test('what happened while there was no connection is all there afterwards', async t => {
  const { app, url, user } = await liveApp(t)
  const [ann, bob] = [user('ann'), user('bob')]
  await acquaint(app, 'ann', 'bob')
  const wire = await openWire(t, url)
  const { store, thread, item, shows } = openStore(t, { baseUrl: wire.url, token: ann.token })
  store.openThread('bob')
  store.send('bob', { text: 'before' })
  await live(store)
  await shows('it is there', () => thread('bob')?.entries.at(-1)?.state === 'delivered')
  wire.redirect('http://127.0.0.1:1')
  await shows('it has noticed', ({ connection }) => connection.status !== 'live')
  await bob.post('/conversations/ann/read', { seq: 3 })
  await bob.say('ann', 'while you were away')
  const offer = await openOffer(bob, ann)
  await ann.post('/conversations/bob/read', { seq: 4 })
  wire.redirect(url)
  await shows('all is there', ({ offers }) => thread('bob')?.entries.length === 5 && offers[offer.messageId] !== undefined)
  await shows('read positions too', () => thread('bob')?.entries[2]?.state === 'read' && item('bob')?.unreadCount === 1 && item('bob')?.lastReadSeq === 4)
})

type Frame = { type: string, data?: { seq?: number } }
const isLost = ({ type, data }: Frame) => type === 'tradeResponse' || data?.seq === 3

for (const [how, WebSocket, count] of [['is lost', unreliable(frame => isLost(frame) ? 0 : 1), 0], ['doesn\'t fit', garbling(isLost), 2]] as const) {
  t.test(`an event that ${how} is found missing by the next one, and made up for`, async t => {
    const { url, user } = await liveApp(t)
    const bob = user('bob')
    const codes: string[] = []
    const { store, texts, item, shows } = openStore(t, { baseUrl: url, token: user('ann').token, WebSocket, onError: ({ code }) => codes.push(code) })
    await live(store)
    const { messageId } = await openOffer(bob, user('ann'))
    await shows('the offer is there', ({ conversations }) => conversations.yourMove === 1)
    await respond(bob, { messageId }, { response: 'withdraw', revision: 1 })
    await bob.say('ann', 'lost')
    await bob.say('ann', 'told')
    await shows('the move is there', ({ conversations, offers }) => conversations.yourMove === 0 && offers[messageId]?.status === 'withdrawn')
    await shows('all is counted', () => item('bob')?.unreadCount === 4)
    t.match(item('bob'), { seq: 4, lastMessage: { text: 'told' } })
    store.openThread('bob')
    await shows('all of it is there', () => texts('bob').join() === 'tradeOffer received,tradeResponse received,lost received,told received')
    await bob.say('ann', 'more')
    await shows('it goes on', () => texts('bob').length === 5)
    t.same(codes, Array(count).fill('unexpected_frame'))
  })
}

t.test('muted conversations are counted by themselves only', async t => {
  const { url, user } = await liveApp(t)
  const { store, item, shows } = openStore(t, { baseUrl: url, token: user('ann').token })
  await live(store)
  await user('bob').say('ann', 'psst')
  await shows('it is there', () => item('bob')?.unreadCount === 1)
  t.equal(await store.mute('bob', true), undefined)
  t.match(store.getSnapshot().conversations, { unread: 0, requests: [{ isMuted: true, unreadCount: 1 }] })
  t.equal(await store.mute('bob', false), undefined)
  t.equal(store.getSnapshot().conversations.unread, 1)
})

t.test('a token that is refused for good leaves everything waiting until the app has another', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  let token = 'refused'
  const { store, texts, shows } = openStore(t, { baseUrl: url, token: () => token, userId: 'ann' })
  store.openThread('bob')
  store.send('bob', { text: 'later' })
  await shows('it is closed', ({ connection }) => connection.status === 'closed')
  t.match(store.getSnapshot(), { connection: { error: { code: 'token_invalid' } }, me: 'ann' })
  t.same(texts('bob'), ['later queued'])
  token = user('ann').token
  store.reconnect()
  await shows('it is there', () => texts('bob').at(-1) === 'later delivered')
})

t.test('a store is of one user: with another\'s token it ends, and shows nothing of anybody', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  const { store, shows } = openStore(t, { baseUrl: url, token: user('bob').token, userId: 'ann' })
  await shows('it has ended', ({ connection }) => connection.status === 'closed')
  t.match(store.getSnapshot(), { connection: { error: { code: 'user_changed' } }, conversations: { items: [] } })
})

t.test('wrong options are refused with a sentence', async t => {
  const right = { baseUrl: 'http://chat.example', token: 'token' }
  const wrong: Array<[Partial<Record<keyof StoreOptions, unknown>>, RegExp]> = [
    [{ baseUrl: 'chat' }, /baseUrl/],
    [{ token: '' }, /token/],
    [{ pageSize: 0 }, /pageSize/],
    [{ pageSize: 1.5 }, /pageSize/],
    [{ persist: true }, /storage/],
    [{ backoff: 3 }, /backoff/]
  ]
  for (const [options, message] of wrong) {
    t.throws(() => createStore({ ...right, ...options } as StoreOptions), { name: 'TypeError', message })
  }
  t.doesNotThrow(() => createStore(right))
})

t.test('what is sent as an offer is what the API takes', async t => {
  const { url, user } = await liveApp(t)
  const { store, thread, shows } = openStore(t, { baseUrl: url, token: user('ann').token })
  const key = store.send('bob', opening() as Parameters<typeof store.send>[1])
  await shows('it is there', ({ offers }) => Object.keys(offers).length === 1)
  t.not(thread('bob')?.entries.find(entry => entry.key === key)?.state, 'failed')
})

t.test('an event that was lost is made up for although a read position was on its way, and went past it', async t => {
  const { url, user } = await liveApp(t)
  const bob = user('bob')
  const acks: Array<() => void> = []
  const WebSocket = intercepting((frame, pass) => frame.type === 'ack' && frame.id !== 'auth' ? acks.push(pass) : frame.type !== 'tradeResponse' && pass())
  const { store, item, shows } = openStore(t, { baseUrl: url, token: user('ann').token, WebSocket })
  await live(store)
  const { messageId } = await openOffer(bob, user('ann'))
  await shows('the offer is there', ({ conversations }) => conversations.yourMove === 1 && item('bob')?.user.username === 'bob')
  store.markRead('bob', 1)
  await until('the position is told', () => acks.length === 1)
  await respond(bob, { messageId }, { response: 'withdraw', revision: 1 })
  await bob.say('ann', 'told')
  await shows('it is there', () => item('bob')?.seq === 3)
  store.markRead('bob', 3)
  acks[0]?.()
  await until('the next one is told', () => acks.length === 2)
  acks[1]?.()
  await shows('the move is there', ({ offers }) => offers[messageId]?.status === 'withdrawn')
})

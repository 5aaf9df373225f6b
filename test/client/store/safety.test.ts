import t from 'tap'
import { liveApp, until } from '../../support/live.js'
import { open as openOffer } from '../../support/trades.js'
import { intercepting, openWire } from '../clients.js'
import { live, openStore } from './stores.js'

const { url, user } = await liveApp(t)
const careful = await liveApp(t, { env: { FIRST_CONTACT: 'replies' } })

/** A store of a user whom nobody knows yet, live. */
async function newcomer (t: Parameters<typeof openStore>[0], id: string, baseUrl = url) {
  const opened = openStore(t, { baseUrl, token: user(id).token })
  await live(opened.store)
  return opened
}

t.test('who writes first is a request until answered', async t => {
  const { store, item, shows } = await newcomer(t, 'ann1')
  await user('bob1').say('ann1', 'May I?')
  await shows('it is a request', ({ conversations }) => conversations.requests[0]?.userId === 'bob1')
  t.match(store.getSnapshot().conversations, { items: [], requests: [{ contact: 'requested', isBlocked: false, unreadCount: 1 }] })
  store.send('bob1', { text: 'Do.' })
  await shows('it is one of the conversations', ({ conversations }) => conversations.items[0]?.userId === 'bob1' && conversations.requests.length === 0)
  t.equal(item('bob1')?.contact, 'established')
  store.send('cat1', { text: 'And you?' })
  await shows('who is written to isn\'t a request', () => item('cat1')?.contact === 'awaited')
  t.same(store.getSnapshot().conversations.requests, [])
  await user('cat1').say('ann1', 'Me too.')
  await shows('they know each other', () => item('cat1')?.contact === 'established')
})

t.test('what is blocked can\'t be sent to, and can again once it isn\'t; unread is without it', async t => {
  const { store, thread, texts, item, shows } = await newcomer(t, 'ann2')
  store.openThread('bob2')
  await user('bob2').say('ann2', 'hello')
  await shows('it is there', ({ conversations }) => conversations.unread === 1)
  const told: unknown[] = []
  store.subscribe(() => told.push(item('bob2')?.isBlocked))
  t.equal(await store.block('bob2', true), undefined)
  t.match(item('bob2'), { isBlocked: true, contact: 'requested' })
  t.match(store.getSnapshot().conversations, { unread: 0, items: [{ userId: 'bob2' }], requests: [] })
  t.equal(thread('bob2')?.refusal, 'blocked')
  const key = store.send('bob2', { text: 'after all' })
  await shows('it is refused', () => texts('bob2').at(-1) === 'after all failed')
  t.match(thread('bob2')?.entries.at(-1), { key, error: { code: 'blocked', retryable: false } })
  t.equal((await user('bob2').post('/ann2', { text: 'still there?' })).json<{ code: string }>().code, 'contact_not_allowed')
  t.equal(await store.block('bob2', false), undefined)
  t.notOk(thread('bob2')?.refusal)
  store.retry(key)
  await shows('it is delivered', () => texts('bob2').at(-1) === 'after all delivered')
  t.same([...new Set(told)], [true, false])
})

t.test('who isn\'t wanted learns that nothing can be sent, and no more', async t => {
  const { store, thread, item } = await newcomer(t, 'ann3')
  await user('bob3').say('ann3', 'hello')
  const bob = openStore(t, { baseUrl: url, token: user('bob3').token })
  bob.store.openThread('ann3')
  await bob.shows('it is there', () => bob.texts('ann3').length === 1)
  await store.block('bob3', true)
  bob.store.send('ann3', { text: 'again' })
  await bob.shows('it is refused', () => bob.thread('ann3')?.refusal === 'not-allowed')
  t.match(bob.thread('ann3')?.entries.at(-1), { state: 'failed', error: { code: 'contact_not_allowed', status: 403 } })
  t.equal(bob.item('ann3')?.isBlocked, false)
  await store.block('bob3', false)
  store.send('bob3', { text: 'Sorry.' })
  await bob.shows('the other\'s message ends it', () => bob.thread('ann3')?.refusal === undefined && bob.texts('ann3').includes('Sorry. received'))
  t.notOk(thread('bob3')?.refusal)
  t.equal(item('bob3')?.isBlocked, false)
})

t.test('somebody is blocked before there is a conversation', async t => {
  const { store, thread, texts, shows } = await newcomer(t, 'ann4')
  store.openThread('bob4')
  t.equal(await store.block('bob4', true), undefined)
  t.equal(thread('bob4')?.refusal, 'blocked')
  store.send('bob4', { text: 'first' })
  await shows('it is refused', () => texts('bob4').join() === 'first failed')
  t.equal(await store.block('bob4', false), undefined)
  t.notOk(thread('bob4')?.refusal)
})

t.test('who isn\'t answered writes three times, and again after the answer', async t => {
  const { store, thread, texts, shows } = openStore(t, { baseUrl: careful.url, token: careful.user('ann').token })
  await live(store)
  store.openThread('bob')
  const keys = ['1', '2', '3', '4'].map(text => store.send('bob', { text }))
  await shows('the fourth is refused', () => thread('bob')?.refusal === 'reply-awaited')
  await shows('three are there', () => texts('bob').join() === '1 delivered,2 delivered,3 delivered,4 failed')
  t.equal(thread('bob')?.entries.at(-1)?.error?.code, 'reply_awaited')
  await careful.user('bob').say('ann', 'Yes?')
  await shows('the answer ends it', () => thread('bob')?.refusal === undefined)
  store.retry(keys[3] as string)
  await shows('it is there', () => texts('bob').at(-1) === '4 delivered')
})

t.test('a refusal stands although the message before it is learned of from a page first', async t => {
  const wrote = { third: false, fourth: false }
  const fourth = async () => await until('the fourth is refused', () => wrote.fourth)
  const { store, thread, texts, item, shows } = openStore(t, {
    baseUrl: careful.url,
    token: careful.user('eve').token,
    WebSocket: intercepting(({ type, data }, pass) => {
      if (type === 'newMessage' && data?.seq === 3) fourth().then(() => pass(), t.threw)
      else pass()
    }),
    async fetch (input, init) {
      const request = new Request(input, init)
      const { pathname } = new URL(request.url)
      const text = request.method === 'POST' ? (await request.clone().json() as { text: string }).text : undefined
      if (pathname === '/api/messages/conversations/bob') await fourth()
      if (pathname === '/api/messages/bob' && text === undefined) await until('the third is written', () => wrote.third)
      const answer = await fetch(request)
      wrote.third ||= text === '3'
      wrote.fourth ||= text === '4'
      if (text === '3') await fourth()
      return answer
    }
  })
  await live(store)
  store.openThread('bob')
  for (const text of ['1', '2', '3', '4']) store.send('bob', { text })
  await shows('all is shown', () => texts('bob').join() === '1 delivered,2 delivered,3 delivered,4 failed')
  await shows('what was told later is known', () => item('bob')?.seq === 3)
  t.equal(thread('bob')?.refusal, 'reply-awaited')
})

t.test('too many first contacts fail today, and don\'t wait for tomorrow', async t => {
  const { store, thread, texts, shows } = openStore(t, { baseUrl: careful.url, token: careful.user('dan').token })
  await live(store)
  for (let n = 1; n <= 20; n++) await careful.user('dan').say(`stranger-${n}`, 'hello')
  store.send('stranger-21', { text: 'hello' })
  await shows('it is refused', () => thread('stranger-21')?.refusal === 'contact-limit')
  t.same(texts('stranger-21'), ['hello failed'])
  t.ok((thread('stranger-21')?.entries[0]?.error?.retryAfter ?? 0) > 0)
})

t.test('a move that is refused says why, too', async t => {
  const [ann, bob] = [user('ann5'), user('bob5')]
  const { messageId } = await openOffer(bob, ann)
  const { store, thread, item, shows } = await newcomer(t, 'ann5')
  store.openThread('bob5')
  await shows('the offer is there', ({ conversations }) => conversations.yourMove === 1)
  await store.block('bob5', true)
  t.match(await store.respond(messageId, { response: 'accept' }), { offer: { status: 'pending' }, error: { code: 'blocked' } })
  t.equal(thread('bob5')?.refusal, 'blocked')
  t.match(await store.respond(messageId, { response: 'reject' }), { offer: { status: 'rejected' } })
  t.equal(item('bob5')?.isBlocked, true)
})

t.test('what was set on another device is there with the next reading; a mute ends by itself', async t => {
  const ann = user('ann6')
  await user('bob6').say('ann6', 'hello')
  const wire = await openWire(t, url)
  const { store, item, shows } = openStore(t, { baseUrl: wire.url, token: ann.token })
  await live(store)
  await shows('it is there', () => item('bob6')?.isMuted === false)
  const other = openStore(t, { baseUrl: url, token: ann.token })
  await other.shows('it is there, too', () => other.item('bob6') !== undefined)
  const end = new Date(store.now() + 2000).toISOString()
  t.equal(await other.store.mute('bob6', true, end), undefined)
  t.match(other.item('bob6'), { isMuted: true, mutedUntil: end })
  t.equal(item('bob6')?.isMuted, false)
  const third = openStore(t, { baseUrl: url, token: ann.token })
  await third.shows('who reads it knows', () => third.item('bob6')?.mutedUntil === end)
  await until('it has ended', () => Date.now() > Date.parse(end))
  await user('bob6').say('ann6', 'once more')
  await third.shows('it isn\'t muted any more', () => third.item('bob6')?.unreadCount === 2 && third.item('bob6')?.isMuted === false)
  t.equal(third.store.getSnapshot().conversations.unread, 2)
})

t.test('what the server refuses, or what doesn\'t get through, is undone', async t => {
  const wire = await openWire(t, url)
  const { store, item, shows } = openStore(t, { baseUrl: wire.url, token: user('ann7').token })
  await user('bob7').say('ann7', 'hello')
  await live(store)
  await shows('it is there', () => item('bob7') !== undefined)
  t.match(await store.mute('nobody', true), { code: 'conversation_not_found' })
  t.match(await store.mute('bob7', true, new Date(0).toISOString()), { code: 'validation_failed' })
  t.equal(item('bob7')?.isMuted, false)
  wire.redirect('http://127.0.0.1:1')
  const states: unknown[] = []
  store.subscribe(() => states.push(item('bob7')?.isBlocked))
  t.match(await store.block('bob7', true), { code: 'network_unreachable' })
  t.equal(item('bob7')?.isBlocked, false)
  t.ok(states.includes(true), 'it was shown meanwhile')
})

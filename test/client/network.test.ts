import t, { type Test } from 'tap'
import { liveApp, sleep, until } from '../support/live.js'
import { follow, openWire } from './clients.js'

/** Pauses that no test waits for. */
const never = { base: 3600_000, cap: 3600_000 }

/** What a browser says of itself. The real one is asked in test/browser. */
function pretendBrowser (t: Test) {
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { hidden: false })
  const navigator = { onLine: true }
  for (const [name, value] of Object.entries({
    navigator, document, addEventListener: window.addEventListener.bind(window), removeEventListener: window.removeEventListener.bind(window)
  })) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name)
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
    t.teardown(() => {
      if (before === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, before)
    })
  }
  return {
    set: (onLine: boolean) => {
      navigator.onLine = onLine
      window.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
    },
    show: (visibility: 'visible' | 'hidden') => {
      document.hidden = visibility === 'hidden'
      document.dispatchEvent(new Event('visibilitychange'))
    }
  }
}

for (const transport of ['auto', 'eventStream'] as const) {
  t.test(`while the browser knows no network it is offline, and then back at once (${transport})`, async t => {
    const browser = pretendBrowser(t)
    const { url, user } = await liveApp(t)
    const { live, states, seqs, reached } = follow(t, { baseUrl: url, token: user('bob').token, transport, backoff: never })
    await live.connect()
    browser.set(false)
    await reached('offline')
    await user('ann').say('bob', 'missed')
    await sleep(100)
    t.equal(live.state.status, 'offline')
    browser.show('visible')
    browser.set(true)
    await reached('live', 2)
    t.same(seqs(), [1])
    t.same(states.map(({ status }) => status), ['connecting', 'live', 'offline', 'connecting', 'live'])
    t.match(states[2], { error: { code: 'offline', retryable: true } })
  })
}

t.test('without a network it doesn\'t begin, and connects when there is one', async t => {
  const browser = pretendBrowser(t)
  const { url, user } = await liveApp(t)
  browser.set(false)
  const { live, states } = follow(t, { baseUrl: url, token: user('bob').token })
  const connected = live.connect()
  await sleep(50)
  t.same(states, [{ status: 'offline' }])
  browser.set(true)
  t.match(await connected, { status: 'live' })
})

t.test('it can be told to try although the browser knows no network', async t => {
  const browser = pretendBrowser(t)
  const { url, user } = await liveApp(t)
  browser.set(false)
  const { live, reached } = follow(t, { baseUrl: url, token: user('bob').token })
  live.connect()
  await reached('offline')
  live.reconnect()
  await reached('live')
})

t.test('who waits connects at once when the page is looked at, the network is back, or it is told to', async t => {
  const browser = pretendBrowser(t)
  const { url, user } = await liveApp(t)
  const wire = await openWire(t, url)
  const { live, states, reached } = follow(t, { baseUrl: wire.url, token: user('bob').token, backoff: never })
  await live.connect()
  const now = Date.now()
  for (const [n, wake] of [() => browser.show('visible'), () => browser.set(true), () => live.reconnect()].entries()) {
    wire.cut()
    await reached('waiting', n + 1)
    browser.show('hidden')
    await sleep(20)
    t.equal(live.state.status, 'waiting')
    wake()
    await reached('live', n + 2)
  }
  for (const { retryAt } of states.filter(({ status }) => status === 'waiting')) t.ok(retryAt! >= now && retryAt! <= Date.now() + 3600_000)
})

t.test('a connection that died unnoticed is left soon after the page is looked at', async t => {
  const browser = pretendBrowser(t)
  const { url, user } = await liveApp(t)
  const wire = await openWire(t, url)
  const { live, states, reached } = follow(t, { baseUrl: wire.url, token: user('bob').token, heartbeatGrace: 1500 })
  await live.connect()
  browser.show('visible')
  await sleep(2000)
  t.same(states.map(({ status }) => status), ['connecting', 'live'], 'one that is alive is kept')
  wire.die()
  browser.show('visible')
  await reached('waiting')
  t.match(states.find(({ status }) => status === 'waiting'), { error: { code: 'silence' } })
  wire.revive()
  wire.cut()
  await reached('live', 2)
})

t.test('an attempt that hangs is given up for another when the network is back', async t => {
  const browser = pretendBrowser(t)
  const { url, user } = await liveApp(t)
  const wire = await openWire(t, url)
  wire.die()
  const { live, states, reached } = follow(t, { baseUrl: wire.url, token: user('bob').token, backoff: never, connectTimeout: 60_000 })
  live.connect()
  await sleep(1100)
  wire.revive()
  browser.set(true)
  await reached('live')
  t.same(states.map(({ status }) => status), ['connecting', 'connecting', 'live'])
})

t.test('what was closed by a refused token can be connected again, what the app closed can\'t', async t => {
  pretendBrowser(t)
  const { url, user } = await liveApp(t)
  let token = 'refused'
  const { live, states, reached } = follow(t, { baseUrl: url, token: () => token })
  t.match(await live.connect(), { status: 'closed', error: { code: 'token_invalid' } })
  token = user('bob').token
  live.reconnect()
  await reached('live')
  live.close()
  const { length } = states
  live.reconnect()
  await sleep(50)
  t.equal(states.length, length)
  t.equal(live.state.status, 'closed')
})

t.test('who is told of an end may connect at once', async t => {
  const { url, user } = await liveApp(t)
  const wire = await openWire(t, url)
  const { live, reached } = follow(t, { baseUrl: wire.url, token: user('bob').token, backoff: never })
  live.on('state', ({ status }) => { if (status === 'waiting') live.reconnect() })
  await live.connect()
  wire.cut()
  await reached('live', 2)
})

t.test('after the end nothing is listened to', async t => {
  const browser = pretendBrowser(t)
  const { url, user } = await liveApp(t)
  const { live, states } = follow(t, { baseUrl: url, token: user('bob').token })
  await live.connect()
  live.close()
  browser.set(false)
  browser.set(true)
  await sleep(20)
  t.same(states.map(({ status }) => status), ['connecting', 'live', 'closed'])
})

for (const transport of ['auto', 'eventStream'] as const) {
  t.test(`the newest of too many connections takes over, and the other waits until it is looked at (${transport})`, async t => {
    const { url, user } = await liveApp(t, { hubLimits: { connectionsPerUser: 1 } })
    const options = { baseUrl: url, token: user('bob').token, transport }
    const [first, second] = [follow(t, options), follow(t, options)]
    await first.live.connect()
    await second.live.connect()
    t.match(second.states.map(({ status, error }) => error?.code ?? status), ['connecting', 'too_many_connections', 'connecting', 'live'])
    await first.reached('waiting')
    t.match(first.live.state, { error: { code: 'taken_over', retryable: true } })
    t.ok(first.live.state.retryAt! > Date.now() + 50_000, 'it is in no hurry')
    await user('ann').say('bob', '1')
    await until('it came', () => second.seqs().length === 1)

    first.live.reconnect()
    await first.reached('live', 2)
    await second.reached('waiting', 2)
    t.match(second.live.state, { error: { code: 'taken_over' } })
    await until('it was caught up with', () => first.seqs().length === 1)
  })
}

t.test('a server that can\'t let one give way is waited for without hurry', async t => {
  const { url, user } = await liveApp(t, { hubLimits: { connectionsPerUser: 1 } })
  const options = { baseUrl: url, token: user('bob').token, transport: 'eventStream' as const }
  await follow(t, options).live.connect()
  const old: typeof fetch = async (input, init) => String(input).includes('takeOver')
    ? Response.json({ type: '', title: 'No', status: 400, code: 'validation_failed' }, { status: 400 })
    : await fetch(input, init)
  const { live, states } = follow(t, { ...options, fetch: old })
  live.connect()
  await until('it waits for long', () => live.state.retryAt !== undefined && live.state.retryAt > Date.now() + 50_000)
  t.notOk(states.some(({ status }) => status === 'closed'))
})

import t, { type Test } from 'tap'
import { TestSocket, TestUser } from '../support/helper.js'
import { liveApp, tokenUntil, until, upgrade } from '../support/live.js'
import { refused } from '../support/problem.js'

const max = 5
const env = { RATE_LIMIT_MAX: String(max) }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function limited (t: Test, options: Parameters<typeof liveApp>[1] = {}) {
  const live = await liveApp(t, { ...options, env })
  const ask = async (token: string) => await live.app.inject({ url: '/api/messages/conversations', headers: bearer(token) })
  const enter = async (id: string) => {
    const socket = await live.browser()
    socket.send({ type: 'auth', data: { token: live.user(id).token } })
    await socket.next('connected')
    return socket
  }
  const fail = async () => {
    const socket = await live.browser()
    socket.send({ type: 'auth', data: { token: 'guess' } })
    t.match(await socket.closed, { code: 4500 })
  }
  return { ...live, ask, enter, fail }
}

/** A genuine token but for one thing. */
const forged = [
  tokenUntil('alice', Date.now() - 1000).replace(/[^.]+$/, 'x'.repeat(43)),
  tokenUntil('alice', Date.now() - 1000).replace(/[^.]+$/, '')
]

t.test('browsers behind one address connect as often as they like', async t => {
  const { app, enter } = await limited(t)
  for (let n = 0; n < 8 * max; n++) (await enter(`user-${n}`)).socket.close()
  await until('all have left', () => app.hub.size.connections === 0)
})

t.test('bad tokens from an address shut out neither browsers nor who has a good token or one that has expired', async t => {
  const { ask, enter, user } = await limited(t)
  for (let n = 0; n < max; n++) refused(t, await ask('guess'), 'token_invalid')
  for (const token of ['guess', ...forged]) refused(t, await ask(token), 'rate_limited', 'guessing is slow')
  await enter('alice')
  t.equal((await user('bob').get('/conversations')).statusCode, 200)
  for (let n = 0; n < 2 * max; n++) refused(t, await ask(tokenUntil('carol', Date.now() - 1000)), 'token_expired')
})

t.test('a flood of a token that has expired ends, for its user only', async t => {
  const { ask } = await limited(t)
  const token = tokenUntil('alice', Date.now() - 1000)
  for (let n = 0; n < 10 * max; n++) refused(t, await ask(token), 'token_expired')
  const response = await ask(token)
  refused(t, response, 'rate_limited')
  t.match(response.headers['retry-after'], /^[1-9]\d?$/)
  refused(t, await ask(tokenUntil('bob', Date.now() - 1000)), 'token_expired')
  refused(t, await ask('guess'), 'token_invalid', 'nor does it count for the address')
})

t.test('who is not active yet is told so as well', async t => {
  const { app, ask } = await limited(t)
  const token = app.jwt.sign({ sub: 'alice' }, { expiresIn: '1h', notBefore: '1h' })
  for (let n = 0; n < 2 * max; n++) refused(t, await ask(token), 'token_not_active')
})

t.test('upgrades on which nobody authenticates are counted, and shut out only further ones of that kind', async t => {
  const { app, url, browser, fail, user, ask } = await limited(t)
  const early = await browser()
  for (let n = 0; n < max - 2; n++) await fail()
  for (let n = 0; n < 2; n++) (await browser()).socket.close()
  await until('all but one have left', () => app.hub.size.connections === 1)
  const { status, headers, body } = await upgrade(url)
  t.equal(status, 429)
  t.match(JSON.parse(body), { code: 'rate_limited' })
  t.match(headers['retry-after'], /^[1-9]\d?$/)
  early.send({ type: 'auth', data: { token: user('alice').token } })
  await early.next('connected')
  t.equal((await upgrade(url, bearer(user('bob').token))).status, 101)
  refused(t, await ask('guess'), 'token_invalid', 'requests are counted apart')
})

t.test('a genuine token that has expired, and what the server is to blame for, counts for nobody', async t => {
  const { app, browser, enter } = await limited(t)
  for (let n = 0; n < 2 * max; n++) {
    const socket = await browser()
    socket.send({ type: 'auth', data: { token: tokenUntil('alice', Date.now() - 1000) } })
    t.match(await socket.next('error'), { data: { code: 'token_expired' } })
    await socket.closed
  }
  const { users } = app.services
  const { touch } = users
  users.touch = async () => { throw new Error('out of order') }
  for (let n = 0; n < 2 * max; n++) {
    const socket = await browser()
    socket.send({ type: 'auth', data: { token: new TestUser(app, 'alice').token } })
    t.match(await socket.closed, { code: 4004 })
  }
  users.touch = touch
  await enter('alice')
})

t.test('an address has only so many connections open on which nobody has authenticated', async t => {
  const { app, url, browser, user } = await limited(t, { hubLimits: { newcomersPerAddress: 3 } })
  const [first, second] = [await browser(), await browser(), await browser()]
  for (let n = 0; n < 2; n++) {
    const { status, headers, body } = await upgrade(url)
    t.equal(status, 429)
    t.equal(headers['retry-after'], '10')
    t.match(JSON.parse(body), { code: 'rate_limited' })
  }
  t.equal((await upgrade(url, bearer(user('bob').token))).status, 101, 'who has said who it is needs no place')
  first.send({ type: 'auth', data: { token: user('alice').token } })
  await first.next('connected')
  await browser()
  t.equal((await upgrade(url)).status, 429, 'a place is given back once')
  second.socket.terminate()
  await until('it has left', () => app.hub.size.connections === 3)
  await browser()
  const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await upgrade(url)).status))
  t.same(statuses, statuses.map(() => 429))
})

t.test('with a limit of 0 nothing that fails is counted', async t => {
  const { app, url, browser } = await liveApp(t)
  for (let n = 0; n < 5; n++) {
    const socket = await browser()
    socket.socket.close()
    await socket.closed
  }
  await until('all have left', () => app.hub.size.connections === 0)
  const socket = new TestSocket(url)
  t.teardown(() => socket.socket.terminate())
  socket.socket.once('open', () => socket.send({ type: 'auth', data: { token: new TestUser(app, 'alice').token } }))
  await socket.next('connected')
})

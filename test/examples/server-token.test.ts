import { jwtVerify } from 'jose'
import t from 'tap'
import { createClient } from '../../client/src/index.js'
import { createServerToken } from '../../docs/examples/server-token.js'
import { jwtSecret } from '../support/helper.js'
import { liveApp } from '../support/live.js'

t.test('the token of the example lets its user in, by name, until it expires', async t => {
  const { url } = await liveApp(t)
  const asked: number[] = []
  const lifetimes = [-1, 60]
  const api = createClient({
    baseUrl: url,
    token: () => {
      asked.push(Date.now())
      return createServerToken(jwtSecret, { userId: 'auth0|asa', name: 'Åsa Ødegård' }, lifetimes.shift())
    }
  })
  t.match(await api.POST('/api/messages/{userId}', { params: { path: { userId: 'bob' } }, body: { text: 'hello' } }), { data: { senderId: 'auth0|asa' } })
  t.equal(asked.length, 2)
  const bob = createClient({ baseUrl: url, token: createServerToken(jwtSecret, { userId: 'bob', name: 'Bob' }) })
  t.match(await bob.GET('/api/messages/conversations'), { data: { conversations: [{ otherUser: { userId: 'auth0|asa', username: 'Åsa Ødegård' } }] } })
})

t.test('another library reads it as a JWT', async t => {
  const token = createServerToken(jwtSecret, { userId: 'ann', name: 'Ann' })
  const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(jwtSecret))
  t.same(protectedHeader, { alg: 'HS256', typ: 'JWT' })
  t.match(payload, { sub: 'ann', name: 'Ann' })
  t.equal(payload.exp! - payload.iat!, 900)
})

t.test('a token made with another secret lets nobody in', async t => {
  const { url } = await liveApp(t)
  const token = createServerToken('another secret that is long enough to be one', { userId: 'ann', name: 'Ann' })
  t.match(await createClient({ baseUrl: url, token }).GET('/api/messages/users'), { error: { code: 'token_invalid', status: 401 } })
})

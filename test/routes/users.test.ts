import assert from 'node:assert/strict'
import t, { type Test } from 'tap'
import type { UserPage } from '../../schemas/user.js'
import { acquaint } from '../support/acquaint.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { refused } from '../support/problem.js'

async function aliceAlone (t: Test) {
  const app = await testApp(t)
  const enter = async (id: string, name?: string) => {
    const user = new TestUser(app, id, { name })
    assert.equal((await user.get('/users')).statusCode, 200)
    return user
  }
  return { app, alice: new TestUser(app, 'alice'), enter }
}

async function page (user: TestUser, query = ''): Promise<UserPage> {
  const response = await user.get(`/users${query}`)
  assert.equal(response.statusCode, 200, response.body)
  return response.json()
}

const find = async (user: TestUser, q: string) =>
  (await page(user, `?q=${encodeURIComponent(q)}`)).users.map(({ userId }) => userId)
const names = (users: UserPage['users']) => users.map(({ username }) => username)

t.test('a user is in the directory after the first request, under the name of the token', async t => {
  const { app, alice, enter } = await aliceAlone(t)
  t.strictSame(await page(alice), { users: [], nextPageToken: null }, 'the caller is not listed')
  const before = Date.now()
  await enter('bob', 'Bob')
  await enter('carol')
  const { users } = await page(alice)
  const stranger = { online: null, lastSeenAt: null }
  t.strictSame(users, [{ userId: 'bob', username: 'Bob', ...stranger }, { userId: 'carol', username: 'carol', ...stranger }])
  await acquaint(app, 'alice', 'bob')
  const [bob, carol] = (await page(alice)).users
  t.match(bob, { userId: 'bob', online: false })
  t.ok(Date.parse(bob!.lastSeenAt!) >= before && Date.parse(bob!.lastSeenAt!) <= Date.now())
  t.strictSame(carol, { userId: 'carol', username: 'carol', ...stranger })
})

t.test('one user is shown as in the list', async t => {
  const { alice, enter } = await aliceAlone(t)
  await enter('bob', 'Bob')
  const response = await alice.get('/users/bob')
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), (await page(alice)).users[0])
  refused(t, await alice.get('/users/Bob'), 'user_not_found', 'ids are case-sensitive')
  refused(t, await alice.get('/users/alice'), 'self_conversation')
  refused(t, await alice.get('/users/trades'), 'reserved_user_id')
  refused(t, await alice.get('/users/a%23b'), 'validation_failed')
  await alice.say('carol', 'hello')
  refused(t, await alice.get('/users/carol'), 'user_not_found', 'who was only written to')
})

t.test('a refused request leaves no entry', async t => {
  const { app, alice } = await aliceAlone(t)
  await app.inject({ url: '/api/messages/users', headers: { authorization: `Bearer ${app.jwt.sign({ sub: 'bob' }, { expiresIn: -5 })}` } })
  t.same((await page(alice)).users, [])
})

t.test('somebody who was only written to is not in the directory', async t => {
  const { alice } = await aliceAlone(t)
  await alice.say('bob', 'hello')
  t.same((await page(alice)).users, [])
})

t.test('a new name takes the place of the old one', async t => {
  const { alice, enter } = await aliceAlone(t)
  await enter('bob', 'Bob')
  await enter('bob', 'Robert')
  t.match((await page(alice)).users, [{ userId: 'bob', username: 'Robert' }])
  t.same(await find(alice, 'bob'), [])
  t.same(await find(alice, 'rob'), ['bob'])
})

t.test('a search finds the names that begin so, whatever the letter case and the form', async t => {
  const { alice, enter } = await aliceAlone(t)
  const people: Record<string, string> = {
    amelie: 'Amélie',
    amelie2: 'Ame\u0301lie',
    anna: 'ANNA',
    hash: 'a#b',
    sun: '🌞 Solar',
    wide: 'Ｗｉｄｅ',
    fi: 'ﬁnn',
    space: 'Ann Lee',
    greek: 'ΟΔΥΣΣΕΥΣ',
    dollar: '$name',
    tilde: '~name',
    long: `long${'ü'.repeat(96)}`
  }
  for (const [id, name] of Object.entries(people)) await enter(id, name)
  const searches: Array<[q: string, found: string[]]> = [
    ['a', ['hash', 'amelie', 'amelie2', 'space', 'anna']],
    ['AM', ['amelie', 'amelie2']],
    ['amé', ['amelie', 'amelie2']],
    ['AME\u0301', ['amelie', 'amelie2']],
    ['ame', []],
    ['ann', ['space', 'anna']],
    ['ann ', ['space']],
    ['Ann Lee', ['space']],
    ['Ann Leen', []],
    ['nn', []],
    ['a#', ['hash']],
    ['a#b', ['hash']],
    ['a#b#', []],
    ['anna#', []],
    ['anna#anna', []],
    ['🌞', ['sun']],
    ['wide', ['wide']],
    ['Ｗ', ['wide']],
    ['fin', ['fi']],
    ['ﬁ', ['fi']],
    ['$', ['dollar']],
    ['~', ['tilde']],
    [`LONG${'Ü'.repeat(96)}`, ['long']],
    ['alice', []],
    ['%', []],
    ['anna\u001f', ['anna']],
    ['anna\u001fanna', []]
  ]
  for (const [q, found] of searches) t.same((await find(alice, q)).sort(), found.sort(), JSON.stringify(q))
})

t.test('a search by a whole name finds it, however long it grows in the form that is compared', async t => {
  const { alice, enter } = await aliceAlone(t)
  // Each becomes 18 letters under NFKC.
  const name = '\ufdfa'.repeat(100)
  await enter('long', name)
  t.same(await find(alice, name), ['long'])
  t.match((await page(alice)).users, [{ username: name }])
})

t.test('a name of more than 100 code points is cut, not refused', async t => {
  const { alice, enter } = await aliceAlone(t)
  await enter('long', '🌞'.repeat(150))
  await enter(`z${'x'.repeat(127)}`)
  t.same(names((await page(alice)).users).sort(), ['🌞'.repeat(100), `z${'x'.repeat(127)}`].sort())
  t.same(await find(alice, `z${'x'.repeat(99)}`), [`z${'x'.repeat(127)}`])
})

t.test('users that differ only in case, and users of one name, are different', async t => {
  const { alice, enter } = await aliceAlone(t)
  for (const [id, name] of [['bob', 'Bob'], ['Bob', 'bob'], ['BOB', 'bob']] as const) await enter(id, name)
  const { users } = await page(alice)
  t.same(users.map(({ userId, username }) => [userId, username]).sort(), [['BOB', 'bob'], ['Bob', 'bob'], ['bob', 'Bob']])
  t.same((await find(alice, 'bob')).sort(), ['BOB', 'Bob', 'bob'])
})

t.test('users come ordered by name, and pages visit each once', async t => {
  const { alice, enter } = await aliceAlone(t)
  const people = ['anna', 'Bea', 'Cleo', 'dora', 'Dora', 'emil', 'Zoë', 'Zoë', 'a#b', 'Änne', '🌞']
  for (const [n, name] of people.entries()) await enter(`user${n}`, name)
  const all = (await page(alice, '?limit=100')).users
  t.equal(all.length, people.length)
  const latin = names(all).map(name => name.toLowerCase()).filter(name => /^[a-z]+$/.test(name))
  t.same(latin, ['anna', 'bea', 'cleo', 'dora', 'dora', 'emil'])
  for (const caller of [alice, await enter('user3', 'dora')]) {
    for (let limit = 1; limit <= 13; limit++) {
      for (const search of ['', '&q=d']) {
        const visited: string[] = []
        let token = ''
        do {
          const { users, nextPageToken } = await page(caller, `?limit=${limit}${search}${token}`)
          assert.ok(users.length <= limit)
          visited.push(...users.map(({ userId }) => userId))
          token = nextPageToken === null ? '' : `&pageToken=${nextPageToken}`
        } while (token !== '')
        const expected = (await page(alice, `?limit=100${search}`)).users.map(({ userId }) => userId)
        const others = [...expected, ...(caller === alice || search !== '' ? [] : ['alice'])].filter(id => id !== caller.id)
        t.same([...visited].sort(), others.sort(), `${caller.id} by ${limit}${search}`)
        if (caller === alice) t.same(visited, expected, `in order by ${limit}${search}`)
      }
    }
  }
})

t.test('a page token is good for its caller and its search only', async t => {
  const { alice, enter } = await aliceAlone(t)
  const bob = await enter('bob', 'Bob')
  for (const name of ['Bea', 'Ben', 'Bo']) await enter(name, name)
  const { nextPageToken: token } = await page(alice, '?q=b&limit=1')
  t.equal((await page(alice, `?q=B&limit=5&pageToken=${token}`)).users.length, 3, 'the same search in other letters')
  refused(t, await alice.get(`/users?pageToken=${token}`), 'invalid_page_token', 'no search')
  refused(t, await alice.get(`/users?q=be&pageToken=${token}`), 'invalid_page_token', 'another search')
  refused(t, await bob.get(`/users?q=b&pageToken=${token}`), 'invalid_page_token', 'another user')
  refused(t, await alice.get(`/conversations?pageToken=${token}`), 'invalid_page_token', 'the conversations')
})

t.test('a user is online while connected, to those with whom both have written only', async t => {
  const { app, alice, enter } = await aliceAlone(t)
  const [bob, carol] = [await enter('bob', 'Bob'), await enter('carol')]
  await acquaint(app, 'alice', 'bob')
  await carol.say('bob', 'hello')
  const url = await listen(app)
  const first = await TestSocket.open(t, url, bob)
  const second = await TestSocket.open(t, url, bob)
  t.match((await page(alice)).users, [{ userId: 'bob', online: true }, { userId: 'carol', online: null }])
  t.match((await page(carol)).users, [{ userId: 'alice', online: null }, { userId: 'bob', online: null, lastSeenAt: null }])
  t.match((await page(bob)).users, [{ userId: 'alice', online: false }, { userId: 'carol', online: null, lastSeenAt: null }])
  first.socket.close()
  await first.closed
  t.match((await page(alice)).users, [{ userId: 'bob', online: true }], 'one device is left')
  const gone = new Promise<void>(resolve => app.hub.once('offline', () => resolve()))
  second.socket.close()
  await gone
  t.match((await page(alice)).users, [{ userId: 'bob', online: false }])
})

t.test('a query that does not match the schema is refused', async t => {
  const { alice } = await aliceAlone(t)
  const queries = ['q=', `q=${'x'.repeat(101)}`, 'limit=0', 'limit=101', 'limit=x', 'limit=Infinity', 'pageToken=', 'name=bob', 'q=a&q=b']
  for (const query of queries) refused(t, await alice.get(`/users?${query}`), 'validation_failed', query)
  t.equal((await alice.get(`/users?q=${encodeURIComponent('🌞'.repeat(100))}`)).statusCode, 200)
  t.equal((await alice.get('/users?q=%20')).statusCode, 200, 'white space finds all')
})

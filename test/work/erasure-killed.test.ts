import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { MessagePage } from '../../schemas/message.js'
import { claimTime } from '../../src/work/claims.js'
import { erase, scan, signedIn, textsIn } from '../support/erasure.js'
import { testApp, TestUser } from '../support/helper.js'
import { start } from '../support/server-process.js'
import { opening } from '../support/trades.js'

t.test('an erasure goes on where a server was killed in the middle of it', async t => {
  const app = await testApp(t)
  const { DYNAMODB, TABLE_NAME } = app.config
  const [alice, bob] = [signedIn(app, 'alice'), new TestUser(app, 'bob')]
  await alice.post('/bob', opening({ text: 'a secret' }))
  await Promise.all(Array.from({ length: 100 }, async (_, n) => await alice.say('bob', `secret ${n}`)))
  await bob.say('alice', 'his words')
  const messages = async () => (await bob.get('/alice?order=asc&limit=100')).json<MessagePage>().messages

  const server = await start(t, t.testdir(), { DYNAMODB, TABLE_NAME, ERASURE_GRACE_DAYS: '0' })
  const response = await fetch(`${server.url}/api/me`, { method: 'DELETE', headers: { authorization: `Bearer ${alice.token}` } })
  t.equal(response.status, 202)
  const isErased = async () => (await messages()).slice(0, 10).every(({ erased }) => erased === true)
  while (!await isErased()) await sleep(20)
  server.child.kill('SIGKILL')
  await server.exited
  t.ok((await messages()).some(({ text }) => text?.startsWith('secret')), 'it was not done yet')

  await erase(app, 'alice', claimTime + 1000)
  t.notOk((await scan(app)).flatMap(textsIn).some(text => text.includes('secret')))
  const all = [...await messages(), ...(await bob.get('/alice?order=asc&afterSeq=100')).json<MessagePage>().messages]
  t.same(all.map(({ seq }) => seq), Array.from({ length: 103 }, (_, n) => n + 1), 'no hole, and the offer was withdrawn once')
  t.match(all.at(-2), { text: 'his words' })
  t.match(all.at(-1), { senderId: 'alice', tradeResponse: { action: 'withdraw' } })
})

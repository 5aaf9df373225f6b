import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { Account, Erasure } from '../../../schemas/account.js'
import type { MessagePage } from '../../../schemas/message.js'
import { erase, erasureTimers, scan, signedIn } from '../../support/erasure.js'
import { listen, testApp, TestSocket, TestUser } from '../../support/helper.js'
import { sleep } from '../../support/live.js'
import { refused } from '../../support/problem.js'
import { requestUnits } from '../../support/request-units.js'

const day = 24 * 60 * 60 * 1000

let app: FastifyInstance

t.before(async () => { app = await testApp(t) })

const leave = async (user: TestUser) => await user.request({ method: 'DELETE', url: '/api/me' })
const erasesAt = async (user: TestUser) => (await user.request({ url: '/api/me' })).json<Account>().erasesAt

/** Waits until something is so: it is taken note of beside the request. */
async function soon (holds: () => Promise<boolean>): Promise<void> {
  while (!await holds()) await sleep(5)
}

t.test('an erasure needs a sign-in of the last five minutes', async t => {
  refused(t, await leave(signedIn(app, 'alice', 301)), 'sign_in_again')
  refused(t, await leave(new TestUser(app, 'alice', { iat: Math.floor(Date.now() / 1000) - 301 })), 'sign_in_again')
  refused(t, await leave(new TestUser(app, 'alice', { auth_time: 'now', iat: Math.floor(Date.now() / 1000) - 301 })), 'sign_in_again')
  t.equal(await erasesAt(new TestUser(app, 'alice')), null)
  t.same(await erasureTimers(app, 'alice'), [])
})

t.test('it is due after the time of grace, however often it is asked for, and whoever signs in meanwhile cancels it', async t => {
  const bob = signedIn(app, 'bob')
  const before = Date.now()
  const response = await leave(bob)
  t.equal(response.statusCode, 202)
  const asked = response.json<Erasure>()
  t.ok(Math.abs(Date.parse(asked.erasesAt) - before - 30 * day) < 60_000)
  t.equal(await erasesAt(bob), asked.erasesAt)
  t.strictSame((await leave(bob)).json<Erasure>(), asked)
  t.equal(await erasesAt(signedIn(app, 'bob', 10)), asked.erasesAt, 'a token from before changes nothing')

  const again = signedIn(app, 'bob', -5)
  await soon(async () => await erasesAt(again) === null)
  t.equal(await erasesAt(bob), null)
  await bob.say('carol', 'I stay')
  await erase(app, 'bob', 31 * day)
  t.match((await bob.get('/carol')).json<MessagePage>().messages, [{ text: 'I stay' }])
  t.match((await new TestUser(app, 'carol').get('/users/bob')).json(), { username: 'bob' })
})

t.test('signing in to the WebSocket cancels it as well', async t => {
  const dave = signedIn(app, 'dave')
  await leave(dave)
  await TestSocket.open(t, await listen(app), signedIn(app, 'dave', -5))
  await soon(async () => await erasesAt(dave) === null)
})

t.test('who is erased is in the directory no more, whatever an old token still does, and a newcomer after signing in', async t => {
  const erin = signedIn(app, 'erin', 0, { name: 'Erin Example' })
  await erin.say('frank', 'hello')
  await app.services.users.enter('erin', { name: 'Erin Example', locale: 'de-AT' })
  await leave(erin)
  await erase(app, 'erin', 31 * day)
  const frank = new TestUser(app, 'frank')
  refused(t, await frank.get('/users/erin'), 'user_not_found')
  t.match((await erin.request({ url: '/api/me' })).json<Account>(), { locale: null, erasesAt: null })
  await erin.get('/conversations')
  refused(t, await frank.get('/users/erin'), 'user_not_found')
  t.notMatch(JSON.stringify(await scan(app)), /Erin Example|de-AT/)

  const back = new TestUser(app, 'erin', { name: 'Erin Again', auth_time: Math.ceil(Date.now() / 1000) + 40 * 24 * 60 * 60 })
  await soon(async () => {
    await back.get('/conversations')
    return (await frank.get('/users/erin')).statusCode === 200
  })
  t.match((await frank.get('/users/erin')).json(), { username: 'Erin Again' })
  await back.say('frank', 'I am back')
  t.same((await frank.get('/erin?order=asc')).json<MessagePage>().messages.map(({ text, erased }) => [text, erased]), [['', true], ['I am back', undefined]])
})

t.test('what is sent after an erasure has begun stays', async t => {
  const grace = signedIn(app, 'grace')
  await grace.say('heidi', 'before')
  await leave(grace)
  const [timer] = await erasureTimers(app, 'grace')
  const begun = await app.services.erasures.begin('grace', Number(timer!.subject.split('#')[1]))
  while (app.clock.now() <= begun!.startedAt) await sleep(1)
  await grace.say('heidi', 'afterwards')
  await erase(app, 'grace', 31 * day)
  const { messages } = (await new TestUser(app, 'heidi').get('/grace?order=asc')).json<MessagePage>()
  t.same(messages.map(({ text }) => text), ['', 'afterwards'])
})

t.test('an erasure costs a unit for each message and conversation, and what it is kept by; nothing is written twice', async t => {
  const ivan = signedIn(app, 'ivan')
  for (let n = 0; n < 20; n++) await (n % 2 === 0 ? ivan.say('judy', `from ivan ${n}`) : new TestUser(app, 'judy').say('ivan', `from judy ${n}`))
  await ivan.get('/judy')
  const measure = requestUnits(app)
  const asked = await measure(async () => await leave(ivan))
  t.ok(asked.read <= 2 && asked.write <= 6, `asking: ${asked.read} RCU, ${asked.write} WCU`)
  const erased = await measure(async () => await erase(app, 'ivan', 31 * day))
  t.comment(`asking: ${asked.read} RCU, ${asked.write} WCU; erasing: ${erased.read} RCU, ${erased.write} WCU`)
  // 10 messages and a head; two walks with a timer that is claimed and moved or ends, the stages, and the directory entry.
  t.ok(erased.write <= 11 + 20, `${erased.write} WCU`)
  await leave(signedIn(app, 'ivan', -100 * 24 * 60 * 60))
  const again = await measure(async () => await erase(app, 'ivan', 200 * day))
  t.ok(again.write <= 20, `${again.write} WCU where nothing is left`)
})

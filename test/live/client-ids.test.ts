import t from 'tap'
import type { Message } from '../../schemas/message.js'
import type { MissedPage } from '../../schemas/sync.js'
import { messagesOf } from '../support/follower.js'
import { TestStream } from '../support/helper.js'
import { liveApp, until } from '../support/live.js'
import { opening, respond } from '../support/trades.js'

// What could break out of JSON.
const clientId = '"},"x":"\\u0000\\'

t.test('an event bears the name that the sender\'s client gave the message on the sender\'s own devices, and on no other', async t => {
  const { url, open, user } = await liveApp(t)
  const authorized = (id: string) => ({ authorization: `Bearer ${user(id).token}` })
  const own = [await open('alice'), await open('alice'), await TestStream.open(t, url, authorized('alice'))]
  const others = [await open('bob'), await TestStream.open(t, url, authorized('bob'))]
  const sent = (await user('alice').post('/bob', { text: 'hello', clientId })).json<Message>()
  const opened = (await user('alice').post('/bob', opening({ clientId }))).json<Message>()
  const moved = await respond(user('alice'), opened, { response: 'withdraw', text: 'no', clientId })
  t.equal(moved.json<{ clientId?: string }>().clientId, clientId)
  const { clientId: _, ...bare } = sent
  for (const device of own) {
    t.strictSame((await device.next('newMessage')).data, sent)
    t.strictSame((await device.next('newMessage')).data, opened)
    t.match(await device.next('tradeResponse'), { data: { offer: { status: 'withdrawn' }, message: { clientId, text: 'no', tradeResponse: { action: 'withdraw' } } } })
  }
  for (const device of others) {
    t.strictSame((await device.next('newMessage')).data, bare)
    await device.next('newMessage')
    t.match(await device.next('tradeResponse'), { data: { offer: { status: 'withdrawn' }, message: { text: 'no' } } })
    t.notOk(JSON.stringify(device.received).includes('clientId'))
  }
})

t.test('so it is with what was missed, and with what an event overtook', async t => {
  const { app, url, open, user } = await liveApp(t)
  const cursors = new Map<string, string>()
  for (const id of ['alice', 'bob']) cursors.set(id, (await user(id).get('/sync')).json<MissedPage>().cursor)
  const send = async (body: object) => (await user('alice').post('/bob', body)).json<Message>()
  for (const n of [1, 2]) await send({ text: `${n}`, clientId: `a-${n}` })
  await respond(user('alice'), await send(opening({ clientId: 'a-3' })), { response: 'withdraw', clientId: 'a-4' })
  const devices = await Promise.all(['alice', 'bob'].flatMap(id => {
    const since = cursors.get(id)!
    return [
      open(id).then(socket => {
        socket.send({ type: 'resume', data: { since } })
        return { id, device: socket }
      }),
      TestStream.open(t, url, { authorization: `Bearer ${user(id).token}`, 'last-event-id': since }).then(device => ({ id, device }))
    ]
  }))
  for (const { device } of devices) await device.next('resumed')
  // One of which nobody is told, as may happen on the way from another instance.
  const { publish } = app.hub
  app.hub.publish = () => {}
  await send({ text: 'untold', clientId: 'a-5' })
  app.hub.publish = publish
  await send({ text: 'told', clientId: 'a-6' })
  for (const { id, device: { received } } of devices) {
    await until('all came', () => messagesOf(received).length === 6)
    t.strictSame(messagesOf(received).map(({ clientId }) => clientId), id === 'alice' ? ['a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6'] : Array(6).fill(undefined))
    if (id === 'bob') t.notOk(JSON.stringify(received).includes('clientId'))
  }
})

t.test('a retry tells of it with the same name to devices that missed it', async t => {
  const { app, open, user } = await liveApp(t)
  const [alice, bob] = [await open('alice'), await open('bob')]
  const send = async () => await user('alice').post('/bob', { text: 'x', clientId: 'a-1' }, { 'idempotency-key': 'key' })
  const { publish } = app.hub
  app.hub.publish = () => {}
  const sent = (await send()).json<Message>()
  app.hub.publish = publish
  t.strictSame((await send()).json(), sent)
  await until('both were told', () => [alice, bob].every(({ received }) => messagesOf(received).length === 1))
  t.equal(messagesOf(alice.received)[0]?.clientId, 'a-1')
  t.notOk(JSON.stringify(bob.received).includes('clientId'))
})

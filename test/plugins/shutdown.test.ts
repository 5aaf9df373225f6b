import t from 'tap'
import { listen, testApp, TestUser } from '../support/helper.js'
import { sleep, until } from '../support/live.js'

t.test('a request in progress when the server closes is answered, also after those who asked for nothing were cut', async t => {
  const app = await testApp(t)
  const url = await listen(app)
  let admit = () => {}
  let isHeld = false
  app.dynamodb.aroundCalls(async (call, next) => {
    if (call.operation === 'TransactWriteItems') {
      isHeld = true
      await new Promise<void>(resolve => { admit = resolve })
    }
    return await next(call)
  })
  const answer = fetch(`${url}/api/messages/bob`, {
    method: 'POST',
    headers: { authorization: `Bearer ${new TestUser(app, 'alice').token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'hello' })
  })
  await until('it is in progress', () => isHeld)
  const closed = app.close()
  // Twice as long as a silent connection is waited for.
  await sleep(1000)
  admit()
  t.equal((await answer).status, 201)
  await closed
})

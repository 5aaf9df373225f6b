import t from 'tap'
import { createLogger } from '../../src/observability/logger.js'
import { testApp, TestUser } from '../support/helper.js'
import { open, respond } from '../support/trades.js'

t.test('a listener that fails has no say in what is durable, and is logged', async t => {
  const lines: string[] = []
  const log = createLogger({ LOG_LEVEL: 'error', NODE_ENV: 'production' }, { write: line => { lines.push(line) } })
  const app = await testApp(t, { log })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  Object.assign(app.hub, { publish: () => { throw new Error('the listener is out of order') } })
  t.equal((await alice.say('bob', 'hello')).statusCode, 201)
  const offer = await open(alice, bob)
  t.equal((await respond(bob, offer, { response: 'accept' })).statusCode, 200)
  t.equal((await bob.post('/conversations/alice/read', { seq: 3 })).statusCode, 200)
  t.equal(lines.filter(line => line.includes('the listener is out of order')).length, 4)
})

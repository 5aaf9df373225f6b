import t from 'tap'
import type { User } from '../../../schemas/user.js'
import { createLogger } from '../../../src/observability/logger.js'
import { intercept, sdkFault } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'

const ids = async (user: TestUser) => (await user.get('/users')).json<{ users: User[] }>().users.map(({ userId }) => userId)

t.test('a newcomer is in the directory when the first answer comes', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  t.equal((await new TestUser(app, 'bob').get('/conversations')).statusCode, 200)
  t.same(await ids(alice), ['bob'])
})

t.test('newcomers can read while writes are throttled, which is logged, and get into the directory later', async t => {
  const lines: string[] = []
  const log = createLogger({ LOG_LEVEL: 'warn', NODE_ENV: 'production' }, { write: line => { lines.push(line) } })
  const app = await testApp(t, { log })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const writes = intercept(t, app, 'UpdateItem', async () => { throw sdkFault('ThrottlingException', 400) })
  for (let n = 0; n < 3; n++) t.equal((await bob.get('/conversations')).statusCode, 200)
  while (lines.length === 0) await new Promise(resolve => setTimeout(resolve, 10))
  t.match(lines[0], 'directory entry')
  const { count } = writes
  t.ok(count <= 3, 'it is not tried with every request')
  t.equal((await bob.get('/conversations')).statusCode, 200)
  t.equal(writes.count, count)
  writes.remove()
  const now = Date.now
  t.intercept(Date, 'now', { value: () => now() + 6000 })
  t.equal((await bob.get('/conversations')).statusCode, 200)
  t.same(await ids(alice), ['bob'])
})

t.test('a newcomer does not wait for a slow entry', async t => {
  const app = await testApp(t)
  let write: () => void = () => {}
  const written = new Promise<void>(resolve => { write = resolve })
  intercept(t, app, 'UpdateItem', async attempt => {
    await written
    return await attempt()
  })
  t.equal((await new TestUser(app, 'bob').get('/conversations')).statusCode, 200)
  const alice = new TestUser(app, 'alice')
  t.same(await ids(alice), [])
  write()
  while ((await ids(alice)).length === 0);
})

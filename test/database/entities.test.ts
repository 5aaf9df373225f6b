import t from 'tap'
import { intercept, sdkFault } from '../support/faults.js'
import { testApp, TestUser } from '../support/helper.js'

t.test('operations that succeed make no errors', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  const bob = new TestUser(app, 'bob')
  await alice.say('bob', 'hello')
  const made = t.capture(Error, 'captureStackTrace')
  const answers = [
    await alice.say('bob', 'hello again'), await bob.get('/alice'), await bob.get('/conversations'), await bob.post('/conversations/alice/read', { seq: 2 })
  ]
  made.restore()
  t.strictSame(answers.map(({ statusCode }) => statusCode), [201, 200, 200, 200])
  t.strictSame(made(), [])
})

t.test('what the client throws comes as it is', async t => {
  const app = await testApp(t)
  const { entities: { conversation, user }, direct } = app.entities
  const userId = 'alice'
  const operations = {
    GetItem: async () => await user.get({ userId }).go(),
    BatchGetItem: async () => await conversation.get([{ conversationId: 'alice~bob' }]).go(),
    Query: async () => await user.query.directory({ shard: 0 }).go(),
    UpdateItem: async () => await user.patch({ userId }).set({ username: 'Alice' }).go(),
    TransactWriteItems: async () => await direct.transact([direct.conversation.update({ conversationId: 'alice~bob' }, { seq: 1 }, { absent: true })])
  }
  for (const [command, operation] of Object.entries(operations)) {
    const fault = sdkFault('ValidationException', 400)
    intercept(t, app, command, async () => { throw fault })
    t.equal(await operation().catch((error: unknown) => error), fault, command)
  }
})

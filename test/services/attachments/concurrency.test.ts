import t from 'tap'
import type { Message, MessagePage } from '../../../schemas/message.js'
import { acquaint } from '../../support/acquaint.js'
import { download, loadProfile, sendFiles, uploadTo } from '../../support/attachments.js'
import { testApp, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { opening, patiently } from '../../support/trades.js'

t.test('of many messages that want the same file at once exactly one gets it, on several instances', async t => {
  const app = await testApp(t)
  const { TABLE_NAME, DATA_DIR } = app.config
  const other = await testApp(t, { env: { TABLE_NAME, DATA_DIR } })
  await acquaint(app, 'alice', 'bob')
  const here = [new TestUser(app, 'alice'), new TestUser(other, 'alice')]
  for (let round = 0; round < 3; round++) {
    const bytes = loadProfile()
    const attachmentId = await uploadTo(here[0]!, 'bob', bytes)
    const answers = await Promise.all(Array.from({ length: 16 }, async (_, n) => await patiently(async () =>
      await sendFiles(here[n % 2]!, 'bob', [attachmentId], n % 4 === 3 ? opening({ text: String(n) }) : { text: String(n) }))))
    const won = answers.filter(({ statusCode }) => statusCode === 201)
    t.equal(won.length, 1)
    for (const answer of answers) if (answer !== won[0]) refused(t, answer, 'attachment_used')
    const { messages } = (await here[1]!.get('/bob?limit=100')).json<MessagePage>()
    const having = messages.filter(message => 'attachments' in message && message.attachments?.some(file => file.attachmentId === attachmentId))
    t.strictSame(having.map(({ messageId }) => messageId), [won[0]!.json<Message>().messageId])
    t.equal(messages.length, 2 + round + 1, 'nothing else was written')
    t.strictSame(await download(new TestUser(other, 'bob'), attachmentId), bytes)
  }
})

t.test('of many retries with the same key one sends, and all are answered alike', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  const files = [await uploadTo(alice, 'bob'), await uploadTo(alice, 'bob')]
  const answers = await Promise.all(Array.from({ length: 16 }, async () =>
    await patiently(async () => await sendFiles(alice, 'bob', files, { headers: { 'idempotency-key': 'k' } }))))
  t.strictSame(answers.map(({ statusCode }) => statusCode), answers.map(() => 201))
  t.equal(new Set(answers.map(answer => answer.json<Message>().messageId)).size, 1)
  t.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1)
})

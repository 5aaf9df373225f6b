import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { MessagePage } from '../../../schemas/message.js'
import { acquaint } from '../../support/acquaint.js'
import { ageAndSweep, download, loadProfile, sendFiles, uploadTo } from '../../support/attachments.js'
import { jwtSecret, testApp, TestUser } from '../../support/helper.js'
import { opening } from '../../support/trades.js'

/** Sends in a process of its own, which is killed after a step. @returns the signal that ended it */
async function sendAndDie (app: FastifyInstance, { step, user, to, body, key }: { step: string, user: TestUser, to: string, body: object, key: string }) {
  const { DYNAMODB, TABLE_NAME, DATA_DIR } = app.config
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', JWT_SECRET: jwtSecret, RATE_LIMIT_MAX: '0', FIRST_CONTACT: 'open', WORKER: 'off', DYNAMODB, TABLE_NAME, DATA_DIR }
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'killed-sender.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', KILLED_SENDER: JSON.stringify({ step, token: user.token, to, body, key, env }) }
  })
  const [, signal] = await once(child, 'close') as [number | null, NodeJS.Signals | null]
  return signal
}

t.test('a server that is killed between looking at a file and answering leaves the message with its file or neither, and a retry sends it once', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await acquaint(app, 'alice', 'bob')
  const having = async (attachmentId: string) => (await bob.get('/alice?limit=100')).json<MessagePage>().messages
    .filter(message => 'attachments' in message && message.attachments?.some(file => file.attachmentId === attachmentId)).length

  for (const [step, expected] of [['head', 0], ['readStart', 0], ['keep', 0], ['TransactWriteItems', 1]] as const) {
    const bytes = loadProfile()
    const file = await uploadTo(alice, 'bob', bytes)
    const content = step === 'keep' ? opening() : { text: step }
    const body = { ...content, attachments: [{ attachmentId: file }] }
    t.equal(await sendAndDie(app, { step, user: alice, to: 'bob', body, key: step }), 'SIGKILL', step)
    t.equal(await having(file), expected)
    if (expected === 1) {
      await ageAndSweep(app, [file])
      t.strictSame(await download(bob, file), bytes, 'what a message has stays')
    }
    const again = await sendFiles(alice, 'bob', [file], { ...content, headers: { 'idempotency-key': step } })
    t.match([again.statusCode, again.headers['idempotent-replayed']], [201, expected === 1 ? 'true' : undefined], again.body)
    t.equal(await having(file), 1)
    await ageAndSweep(app, [file])
    t.strictSame(await download(bob, file), bytes)
  }
})

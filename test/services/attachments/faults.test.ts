import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { MessagePage } from '../../../schemas/message.js'
import { ProblemError } from '../../../src/wire/problem-error.js'
import { acquaint } from '../../support/acquaint.js'
import { breakCall, kinds } from '../../support/break-call.js'
import { download, loadProfile, sendFiles, uploadTo } from '../../support/attachments.js'
import { testApp, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { opening, patiently } from '../../support/trades.js'

const steps = ['head', 'readStart', 'keep'] as const

/** Breaks a call of the store: it isn't made, or its answer is lost. */
function breakStore (t: Test, { storage }: FastifyInstance, step: typeof steps[number], when: 'before' | 'after') {
  const real = storage![step].bind(storage) as (...args: unknown[]) => Promise<unknown>
  const broken = async (...args: unknown[]) => {
    if (when === 'after') await real(...args)
    throw new ProblemError('storage_unavailable')
  }
  return t.intercept(storage!, step, { value: broken })
}

async function world (t: Test) {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await acquaint(app, 'alice', 'bob')
  const having = async (attachmentId: string) => (await bob.get('/alice?limit=100')).json<MessagePage>().messages
    .filter(message => 'attachments' in message && message.attachments?.some(file => file.attachmentId === attachmentId)).length
  return { app, alice, bob, having }
}

t.test('whatever call of the store fails, nothing is sent, texts go on, and a retry sends it once', async t => {
  const { app, alice, bob, having } = await world(t)
  for (const step of steps) {
    for (const when of ['before', 'after'] as const) {
      const bytes = loadProfile()
      const file = await uploadTo(alice, 'bob', bytes)
      const headers = { 'idempotency-key': `${step}-${when}` }
      const broken = breakStore(t, app, step, when)
      refused(t, await sendFiles(alice, 'bob', [file], { headers }), 'storage_unavailable', `${when} ${step}`)
      t.equal(await having(file), 0)
      t.equal((await alice.say('bob', 'hello')).statusCode, 201)
      broken.restore()
      t.equal((await sendFiles(alice, 'bob', [file], { headers })).statusCode, 201)
      t.equal(await having(file), 1)
      t.strictSame(await download(bob, file), bytes)
    }
  }
})

t.test('whatever call of the database fails, a message has its file or neither is there, and a retry sends it once', async t => {
  const { app, alice, bob, having } = await world(t)
  const terms = opening()
  for (const body of [{}, terms]) {
    for (const kind of kinds) {
      for (let at = 0; ; at++) {
        const bytes = loadProfile()
        const file = await uploadTo(alice, 'bob', bytes)
        const headers = { 'idempotency-key': `${kind.replace(' ', '-')}-${at}-${'messageType' in body}` }
        const broken = breakCall(t, app, at, kind)
        const { statusCode } = await sendFiles(alice, 'bob', [file], { ...body, headers })
        const { count } = broken
        broken.mended = true
        const there = await having(file)
        if (statusCode === 201) t.equal(there, 1)
        if (there === 1) t.strictSame(await download(bob, file), bytes, `${kind} at call ${at}`)
        const again = await patiently(async () => await sendFiles(alice, 'bob', [file], { ...body, headers }))
        t.equal(again.statusCode, 201, `${kind} at call ${at}: ${again.body}`)
        t.equal(await having(file), 1)
        t.strictSame(await download(bob, file), bytes)
        broken.remove()
        if (count <= at) break
      }
    }
  }
})

import t from 'tap'
import type { Problem } from '../../schemas/problem.js'
import { testApp, TestUser } from '../support/helper.js'
import { refused } from '../support/problem.js'
import { liveApp } from '../support/live.js'

/** About as many properties as 16 KiB have room for, none of which is known. */
const crowd = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [n.toString(36), 0]))

t.test('of thousands of violations 20 are named and the others counted', async t => {
  const alice = new TestUser(await testApp(t), 'alice')
  for (const [body, others] of [[{ text: 'hello', ...crowd }, 0], [{ messageType: 'text', ...crowd }, 1]] as const) {
    t.ok(JSON.stringify(body).length > 14_000)
    const response = await alice.post('/bob', body)
    const { errors, detail } = refused(t, response, 'validation_failed')
    t.equal(errors?.length, 20)
    t.equal(new Set(errors?.map(({ path, message }) => `${path} ${message}`)).size, 20)
    t.ok(detail?.endsWith(`; and ${2000 + others - 20} more`), String(detail))
    t.ok(response.body.length < 5000, `${response.body.length} bytes`)
  }
})

t.test('a few are all named, once each', async t => {
  const alice = new TestUser(await testApp(t), 'alice')
  const { errors, detail } = refused(t, await alice.post('/bob', { text: 5, color: 'red' }), 'validation_failed')
  t.strictSame(errors, [
    { path: '', message: 'must NOT have additional properties: color', keyword: 'additionalProperties' },
    { path: '/text', message: 'must be string', keyword: 'type', params: { type: 'string' } }
  ] satisfies Problem['errors'])
  t.equal(detail, 'body must NOT have additional properties: color; body/text must be string')
})

t.test('an error frame names five and counts the others', async t => {
  const { open } = await liveApp(t)
  const socket = await open('alice')
  socket.send({ type: 'pong', data: crowd } as never)
  const { data: { code, detail } } = await socket.next('error')
  t.equal(code, 'validation_failed')
  t.match(detail, /; and 1995 more$/)
  t.equal(detail.split('; ').length, 6)
})

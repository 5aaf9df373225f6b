import t from 'tap'
import { ProblemError } from '../../src/wire/problem-error.js'

t.test('a refusal doesn\'t say where it was made, a fault does', async t => {
  const cause = new Error('inner')
  const refusal = new ProblemError('trade_closed', undefined, { cause })
  t.notMatch(refusal.stack, /\n/)
  t.equal(refusal.cause, cause)
  t.match(new ProblemError('database_unavailable').stack, /\n {4}at /)
  t.match(new Error('another').stack, /\n {4}at /, 'and so do other errors')
})

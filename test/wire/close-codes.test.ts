import t from 'tap'
import { closeCodes } from '../../src/wire/close-codes.js'

t.test('every close code is used once, says whether to reconnect and is described', async t => {
  const codes = Object.values(closeCodes).map(({ code }) => code)
  t.equal(new Set(codes).size, codes.length)
  const permanent = new Set(['token_refused', 'authentication_timeout', 'too_many_connections', 'protocol_violation', 'flooding'])
  for (const [reason, { code, description }] of Object.entries(closeCodes)) {
    const [from, to] = permanent.has(reason) ? [4500, 4999] : [4000, 4499]
    t.ok(code >= from && code <= to, `${reason} is in its range`)
    t.ok(Buffer.byteLength(reason) <= 123, `${reason} fits into a close frame`)
    t.ok(description.length > 10)
  }
})

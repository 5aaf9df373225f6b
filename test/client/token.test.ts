import t from 'tap'
import { currentToken, expiryOf } from '../../client/src/token.js'
import { tokenUntil } from '../support/live.js'

t.test('a token\'s expiry is read where it tells', async t => {
  t.equal(expiryOf(tokenUntil('ÿÿÿ>>>???', 1_800_000_000_000)), 1_800_000_000_000)
  for (const token of ['', 'opaque', 'a.b.c', '.bnVsbA.', '.e30.', '.eyJleHAiOiJzb29uIn0.']) t.equal(expiryOf(token), undefined, token)
})

t.test('a token is a string or comes from a function, now or later', async t => {
  t.equal(await currentToken('a'), 'a')
  t.equal(await currentToken(() => 'b'), 'b')
  t.equal(await currentToken(async () => 'c'), 'c')
})

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createPageTokens as create, type TokenScope } from '../../src/shared/page-tokens.js'

const createPageTokens = (secrets: string[]) => create(secrets, () => new Error('not genuine'))
const tokens = createPageTokens(['a secret that signs page tokens'])
const scope = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, undefined)), { maxLength: 4 }) as fc.Arbitrary<TokenScope>
const position = fc.jsonValue({ maxDepth: 2 }).map(value => JSON.parse(JSON.stringify(value)) as unknown)

t.test('a token brings back its position to the scope it was issued for', async () => {
  fc.assert(fc.property(scope, position, (scope, position) => {
    const token = tokens.issue(scope, position)
    assert.match(token, /^[\w-]+\.[\w-]{43}$/)
    assert.deepEqual(tokens.read([...scope], token), position)
  }))
})

t.test('a token is refused in any other scope', async () => {
  const normal = (scope: TokenScope) => JSON.stringify(scope)
  fc.assert(fc.property(scope, scope, position, (one, other, position) => {
    fc.pre(normal(one) !== normal(other))
    assert.throws(() => tokens.read(other, tokens.issue(one, position)), { message: 'not genuine' })
  }))
})

t.test('parts of a scope do not run into each other', async t => {
  const token = tokens.issue(['a', 'b'], 1)
  for (const other of [['ab'], ['a,b'], ['a', 'b', ''], ['', 'a', 'b'], ['a","b'], ['a\nb']]) {
    t.throws(() => tokens.read(other, token), { message: 'not genuine' }, JSON.stringify(other))
  }
})

t.test('another secret does not read a token', async t => {
  t.throws(() => createPageTokens(['another secret']).read(['a'], tokens.issue(['a'], 1)), { message: 'not genuine' })
  t.throws(() => createPageTokens([]), TypeError)
})

t.test('of several secrets the first signs and all verify', async t => {
  const [old, next] = ['the old secret', 'the new secret']
  const both = createPageTokens([next, old])
  t.equal(both.read(['a'], createPageTokens([old]).issue(['a'], 1)), 1)
  t.equal(both.read(['a'], createPageTokens([next]).issue(['a'], 2)), 2)
  t.equal(createPageTokens([next]).read(['a'], both.issue(['a'], 3)), 3)
  t.throws(() => createPageTokens([old]).read(['a'], both.issue(['a'], 3)), { message: 'not genuine' })
  t.throws(() => both.read(['a'], createPageTokens(['a third secret']).issue(['a'], 4)), { message: 'not genuine' })
})

t.test('a token with any byte changed is refused', async () => {
  fc.assert(fc.property(position, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (position, at, mask, inPayload) => {
    const parts = tokens.issue(['a'], position).split('.')
    const part = inPayload ? 0 : 1
    const bytes = Buffer.from(parts[part]!, 'base64url')
    bytes[at % bytes.length]! ^= mask
    parts[part] = bytes.toString('base64url')
    assert.throws(() => tokens.read(['a'], parts.join('.')), { message: 'not genuine' })
  }))
})

t.test('any text is refused as a token and nothing else happens', async () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.base64String()).map(parts => parts.join('.'))), text => {
    assert.throws(() => tokens.read(['a'], text), { message: 'not genuine' })
  }))
})

t.test('another spelling of the same bytes is refused', async t => {
  const token = tokens.issue(['a'], 1)
  const last = token.at(-1)!
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  // 32 bytes leave two bits of the last character unused.
  const spellings = [...alphabet].filter(char => char !== last).map(char => token.slice(0, -1) + char)
  for (const spelling of [...spellings, `${token}=`, `${token} `, token.replace('.', '=.')]) {
    t.throws(() => tokens.read(['a'], spelling), { message: 'not genuine' })
  }
})

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { JsonReader } from '../../src/database/lean/json-reader.js'

const json = fc.jsonValue().filter(value => !JSON.stringify(value).includes('__proto__'))
const white = fc.constantFrom(undefined, 1, '\t', '\n \r')

function read (text: string): unknown {
  const reader = new JsonReader(Buffer.from(text))
  const value = reader.any()
  reader.end()
  return value
}

t.test('JSON is read as JSON.parse does, whatever is in it and however it is spaced', t => {
  fc.assert(fc.property(json, white, (value, space) => {
    const text = JSON.stringify(value, null, space)
    assert.deepEqual(read(text), JSON.parse(text))
  }), { numRuns: 1000 })
  t.pass('they agree')
  t.end()
})

t.test('JSON that is cut off, or is followed by more, is an error', t => {
  fc.assert(fc.property(json.map(value => JSON.stringify([value])), fc.nat(), (text, place) => {
    const bytes = Buffer.from(text)
    assert.throws(() => new JsonReader(bytes.subarray(0, place % bytes.length)).any(), SyntaxError)
    assert.throws(() => read(`${text},`), SyntaxError)
  }), { numRuns: 1000 })
  t.pass('each is')
  t.end()
})

t.test('a character that has no place there is an error', t => {
  for (const text of ['', '{', '{"a"}', '{"a":}', '{"a":1,}', '{"a" 1}', '{a:1}', '{"a":1 "b":2}', '[1,]', '[1 2]', '[', '"a', '"a\\', '"\\x"', 'tru', '1.', '<html>']) {
    t.throws(() => read(text), SyntaxError, text)
  }
  t.end()
})

t.test('names that look alike to a hash are told apart', t => {
  // Their sums of 31 × what came before + the next are equal.
  const text = '{"Aa":1,"BB":2,"Aa2":3,"BB2":4,"C#":5}'
  for (let times = 0; times < 3; times++) t.same(read(text), JSON.parse(text))
  t.end()
})

import fc from 'fast-check'
import t from 'tap'
import { lengthOf, maxLength, partsOf, remainingOf, tidy } from '../../web/src/thread/text.js'

t.test('a text is counted in code points, and only near the limit', async t => {
  t.equal(lengthOf('a\u{1f50c}b'), 3)
  t.equal(remainingOf('a'.repeat(3599)), undefined)
  t.equal(remainingOf('a'.repeat(3600)), 400)
  t.equal(remainingOf('\u{1f50c}'.repeat(3599)), undefined)
  t.equal(remainingOf('\u{1f50c}'.repeat(maxLength)), 0)
  t.equal(remainingOf(`  ${'a'.repeat(maxLength + 1)}  `), -1, 'what isn\'t sent isn\'t counted')
  t.equal(tidy(' a\ud83d '), 'a\ufffd', 'half a character would be refused')
})

const links = (text: string) => partsOf(text).flatMap(({ href }) => href === undefined ? [] : [href])

t.test('addresses of the web become links, and nothing else does', async t => {
  t.same(links('see https://example.org/a?b=1#c, or HTTP://example.org.'), ['https://example.org/a?b=1#c', 'HTTP://example.org'])
  t.same(links('(https://example.org/Grid_(power)) and [http://example.org]'), ['https://example.org/Grid_(power)', 'http://example.org'])
  t.same(links('javascript:alert(1) data:text/html,x www.example.org ftp://example.org http:// https://'), [])
  t.same(links('<https://example.org/"onclick=x>'), ['https://example.org/'])
})

t.test('the parts together are the text', async () => {
  const word = fc.oneof(fc.string(), fc.constantFrom('https://example.org', 'http://a.b/c)', '(', '.', ' ', 'javascript:', '\u202e', '\u{1f50c}'))
  fc.assert(fc.property(fc.array(word).map(words => words.join('')), text => {
    const parts = partsOf(text)
    return parts.map(part => part.text).join('') === text && parts.every(({ href }) => href === undefined || /^https?:$/.test(new URL(href).protocol))
  }))
})

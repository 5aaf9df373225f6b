import t from 'tap'
import { canonicalLocale } from '../../src/shared/locale.js'
import { cleanName, isName } from '../../src/shared/names.js'

t.test('a name is one visible line of at most 100 code points, as it stands', async t => {
  for (const name of ['Bob', 'Ω', 'a  b', '🌞 Solar', '🌞'.repeat(100), 'Müller & Söhne']) t.ok(isName(name), name)
  const others = ['', ' ', ' Bob', 'Bob ', 'a\nb', 'a\u0000b', 'a\u200bb', 'a\u202eb', 'a\u2028b', '\ud800', 'x'.repeat(101)]
  for (const [n, text] of others.entries()) {
    t.notOk(isName(text), `text ${n}`)
    const cleaned = cleanName(text)
    t.ok(cleaned === '' || isName(cleaned), `what is left of text ${n} is one`)
  }
})

t.test('a language tag has one form', async t => {
  for (const [tag, canonical] of Object.entries({ de: 'de', 'DE-at': 'de-AT', 'zh-hant-tw': 'zh-Hant-TW', 'en-u-ca-gregory': 'en-u-ca-gregory' })) {
    t.equal(canonicalLocale(tag), canonical)
  }
  for (const tag of ['', 'd', 'de_AT', 'german!', 'de-', 'x'.repeat(9)]) t.equal(canonicalLocale(tag), undefined, tag)
})

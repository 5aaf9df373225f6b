import { IntlMessageFormat } from 'intl-messageformat'
import t from 'tap'
import { locales, type Locale } from '../../schemas/locales.js'
import { problemCatalogue } from '../../schemas/problem.js'
import { readCatalogue } from '../../src/locales/catalogue.js'
import { matchLocale } from '../../src/locales/match-locale.js'

type Ast = ReturnType<IntlMessageFormat['getAst']>

const parts = ['titles', 'details', 'violations', 'lists'] as const

/** The messages of a language, by part and id. */
function messages (locale: Locale): Record<string, string> {
  const catalogue = readCatalogue(locale)
  return Object.fromEntries(parts.flatMap(part => Object.entries(catalogue[part]).map(([id, text]) => [`${part}.${id}`, text])))
}

const astOf = (text: string, locale: string) => new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst()

/** Names of the placeholders, once each, and the categories of each plural. */
function read (ast: Ast, found = { names: new Set<string>(), plurals: [] as string[][] }) {
  for (const element of ast) {
    if ('value' in element && element.type !== 0) found.names.add(element.value)
    if ('options' in element) {
      found.plurals.push(Object.keys(element.options))
      for (const { value } of Object.values(element.options)) read(value, found)
    }
  }
  return found
}

const english = messages('en')

t.test('English says what the documents say', async t => {
  for (const [code, { title }] of Object.entries(problemCatalogue)) t.equal(english[`titles.${code}`], title)
  t.equal(Object.keys(readCatalogue('en').titles).length, Object.keys(problemCatalogue).length)
})

for (const locale of locales) {
  t.test(`${locale} has every message, with the same placeholders and all its forms of the plural`, async t => {
    const said = messages(locale)
    t.strictSame(Object.keys(said), Object.keys(english))
    const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted()
    for (const [id, text] of Object.entries(said)) {
      const { names, plurals } = read(astOf(text, locale))
      t.strictSame([...names].sort(), [...read(astOf(english[id]!, 'en')).names].sort(), id)
      for (const forms of plurals) t.strictSame(forms.toSorted(), categories, `${id} has all forms`)
      if (locale !== 'en' && /\p{L}{4}/u.test(text.replace(/\{.*\}/gs, ''))) t.not(text, english[id], `${id} is translated`)
    }
    t.equal(readCatalogue(locale).reviewed, locale === 'en', 'a draft says that it is one')
  })
}

t.test('of what is asked for the first that fits is taken', async t => {
  for (const [asked, found] of [
    [['de-AT'], 'de'], [['ar-EG'], 'ar'], [['hi-IN'], 'hi'], [['ja', 'es-419'], 'es'], [['fr', 'de'], 'fr'], [['ja'], undefined], [['*'], undefined],
    [['no tag', 'de'], 'de'], [['en-US'], 'en'], [[], undefined], [['x'.repeat(100)], undefined]
  ] as const) t.equal(matchLocale(asked), found, asked.join())
})

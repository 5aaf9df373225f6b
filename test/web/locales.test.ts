import t from 'tap'
import { IntlMessageFormat } from 'intl-messageformat'
import { loadAnalyticsWords } from '../../web/src/analytics/load-words.js'
import type { Words } from '../../web/src/i18n/catalogue.js'
import { choose, languages, type Language } from '../../web/src/i18n/languages.js'
import { pseudoWords } from '../../web/src/i18n/pseudo.js'
import { translator } from '../../web/src/i18n/translate.js'
import { loadOperatorWords } from '../../web/src/operator/load-words.js'

const english = await languages.en.load()
const ids = Object.keys(english) as Array<keyof typeof english>

/** The words that are there before any view is, and those that a view has for itself: by language. */
const catalogues: Record<string, (language: Language) => Promise<Words<string>>> = {
  'all views': async language => await languages[language].load(),
  analytics: loadAnalyticsWords,
  operator: loadOperatorWords
}
const others = (Object.keys(languages) as Language[]).filter(language => language !== 'en')

type Elements = ReturnType<IntlMessageFormat['getAst']>

/** A message as it is read. @throws where it isn't well-formed */
function parse (message: string): Elements {
  return new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst()
}

/** The names of what is put into a message, and the categories of each plural in it. */
function partsOf (elements: Elements): { names: Set<string>, plurals: string[][] } {
  const parts = { names: new Set<string>(), plurals: [] as string[][] }
  for (const element of elements) {
    // What is said as it is has a value but nothing to be put in; `#` has neither.
    if (!('value' in element) || element.type === 0) continue
    parts.names.add(element.value)
    if (!('options' in element)) continue
    if ('pluralType' in element) parts.plurals.push(Object.keys(element.options).filter(name => !name.startsWith('=')))
    for (const { value } of Object.values(element.options)) {
      const inner = partsOf(value)
      for (const name of inner.names) parts.names.add(name)
      parts.plurals.push(...inner.plurals)
    }
  }
  return parts
}

/** The texts of a catalogue, without what it says of itself. */
const textsOf = (words: Words<string>) => Object.entries(words).filter(([id]) => id !== '@reviewed')

for (const [name, load] of Object.entries(catalogues)) {
  for (const language of others) {
    t.test(`${language} has what English has for ${name}, and says that a machine made it`, async t => {
      const [words, english] = await Promise.all([load(language), load('en')])
      t.same(textsOf(words).map(([id]) => id).sort(), Object.keys(english).sort())
      t.equal((words as Record<string, unknown>)['@reviewed'], false)
      for (const [id, message] of textsOf(words)) {
        t.same([...partsOf(parse(message)).names].sort(), [...partsOf(parse(english[id] ?? '')).names].sort(), `${id}: what is put in`)
      }
    })
  }

  for (const language of ['en', ...others] as Language[]) {
    t.test(`${language} has a form for each kind of number in the words of ${name}`, async t => {
      const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort()
      for (const [id, message] of textsOf(await load(language))) {
        for (const plural of partsOf(parse(message)).plurals) t.same(plural.sort(), categories, id)
      }
    })
  }
}

t.test('the pseudo-locale changes every word and keeps what is put in', async t => {
  const pseudo = pseudoWords(english)
  for (const id of ids) {
    t.not(pseudo[id], english[id], id)
    t.same(partsOf(parse(pseudo[id])), partsOf(parse(english[id])), id)
  }
  const say = translator(pseudo, 'en')
  t.equal(say('shell.close'), '[Çļöšé]')
  t.equal(say('shell.unread', { count: 1 }), '[1 ûñŕéåð ɱéššåĝé]')
})

t.test('a reader gets the language that was chosen, else the browser\'s first that there is, with its region', async t => {
  t.same(choose(undefined, ['it', 'de-AT', 'en']), { language: 'de', locale: 'de-AT' })
  t.same(choose('fr', ['de', 'fr-CH']), { language: 'fr', locale: 'fr-CH' })
  t.same(choose('hi', ['en-GB']), { language: 'hi', locale: 'hi' })
  t.same(choose('xx', ['ja']), { language: 'en', locale: 'en' })
})

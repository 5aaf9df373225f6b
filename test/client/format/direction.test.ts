import t from 'tap'
import { directionOf, isolate } from '../../../client/src/format/index.js'

t.test('a locale says which way it is written, as Intl does where it tells', async t => {
  for (const locale of ['ar', 'ar-EG', 'fa', 'he', 'ur', 'ps', 'yi', 'dv', 'az-Arab', 'pa-PK', 'en-Arab', 'ff-Adlm']) t.equal(directionOf(locale), 'rtl', locale)
  for (const locale of ['en', 'de', 'hi', 'ja', 'az', 'pa', 'ar-Latn', 'xx']) t.equal(directionOf(locale), 'ltr', locale)
  for (const locale of ['ar', 'en', 'ff-Adlm', 'he', 'hi', 'nqo', 'pa-PK', 'syr', 'ur', 'uz-AF', 'yi']) {
    const { textInfo, getTextInfo } = new Intl.Locale(locale) as Intl.Locale & { textInfo?: { direction: string }, getTextInfo?: () => { direction: string } }
    const told = getTextInfo?.call(new Intl.Locale(locale)) ?? textInfo
    if (told !== undefined) t.equal(directionOf(locale), told.direction, locale)
  }
})

t.test('a name doesn\'t turn round what follows', async t => {
  t.equal(isolate('سارة'), '\u2068سارة\u2069')
  t.equal(isolate('Mallory\u202e\u2069'), '\u2068Mallory\u2069')
})

import { match } from '@formatjs/intl-localematcher'
import { locales, type Locale } from '../../schemas/locales.js'
import { canonicalLocale } from '../shared/locale.js'

const none = 'und'

/**
 * The language among those that the server speaks which fits best, e.g. `de` for `de-AT`.
 * @param tags what is asked for, the dearest first; what is no language tag is passed over
 */
export function matchLocale (tags: readonly string[]): Locale | undefined {
  const asked = tags.map(canonicalLocale).filter(tag => tag !== undefined)
  const found = match(asked, locales, none)
  return found === none ? undefined : found as Locale
}

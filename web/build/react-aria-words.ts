import type { Plugin } from 'vite'

const kept = ['ar-AE', 'de-DE', 'en-US', 'es-ES', 'fr-FR']

/** Leaves out the words that react-aria has for languages in which the app has none: they would be a third of what it loads. */
export function reactAriaWords (): Plugin {
  return {
    name: 'react-aria-words',
    enforce: 'pre',
    load: {
      filter: { id: /react-(aria|stately|aria-components)\/(dist\/private\/)?intl\/(.*\/)?[a-z]{2}-[A-Z]{2}\.mjs$/ },
      handler: id => kept.some(locale => id.endsWith(`${locale}.mjs`)) ? undefined : 'export default {}'
    }
  }
}

import type { Plugin } from 'vite'
import { hindi } from './hindi.js'

const kept = ['ar-AE', 'de-DE', 'en-US', 'es-ES', 'fr-FR']

/** Leaves out the words that react-aria has for languages in which the app has none: they would be a third of what it loads. And adds those in Hindi. */
export function reactAriaWords (): Plugin[] {
  return [{
    name: 'react-aria-words',
    enforce: 'pre',
    load: {
      filter: { id: /react-(aria|stately|aria-components)\/(dist\/private\/)?intl\/(.*\/)?[a-z]{2}-[A-Z]{2}\.mjs$/ },
      handler: id => kept.some(locale => id.endsWith(`${locale}.mjs`)) ? undefined : 'export default {}'
    }
  }, {
    name: 'react-aria-hindi',
    enforce: 'pre',
    transform: {
      filter: { id: /react-(aria|stately|aria-components)\/(dist\/private\/)?(\w+\/)?intlStrings\.mjs$/ },
      handler (code, id) {
        const words = hindi[folderOf(id)]
        return words && code.replace('"ar-AE":', () => `"hi-IN": ${sourceOf(words)},\n    "ar-AE":`)
      }
    }
  }]
}

/** `react-aria/calendar` for `…/react-aria/dist/private/calendar/intlStrings.mjs`. */
function folderOf (id: string): string {
  return /(react-[a-z-]+)\/(?:dist\/private\/)?((?:\w+\/)?)intlStrings\.mjs$/.exec(id)?.slice(1).join('/').replace(/\/+$/, '') ?? ''
}

/** Words as react-aria's own files have them: a text, or a function of what is put in. */
function sourceOf (words: Readonly<Record<string, string>>): string {
  const members = Object.entries(words).map(([name, text]) => {
    const source = JSON.stringify(text)
    return `${JSON.stringify(name)}: ${text.includes('{') ? `args => ${source.replace(/\{(\w+)\}/g, '" + args.$1 + "')}` : source}`
  })
  return `{ ${members.join(', ')} }`
}

import type { Page } from 'playwright-core'
import { pseudoWords } from '../../../web/src/i18n/pseudo.js'
import english from '../../../web/src/locales/en/index.js'

/** What react-aria says of itself, in each of the app's languages but not in this one, and what units, currencies, months and time zones are called everywhere. */
const given = /^(aria-label: (Calendar|Dismiss)|Selected Date: .+|kWh|EUR · Euro|Europe\/Berlin .+|[A-Z][a-z]+ \d{4})$/

/** The words on a page that didn't go through the catalogue: without the accents of the pseudo-locale. Names, times, quantities and examples are nobody's to translate. */
export async function untranslated (page: Page): Promise<string[]> {
  const found = await page.evaluate(() => {
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { parentElement: parent, textContent } = walker.currentNode
      const text = textContent?.replace('Equilux', '') ?? ''
      if (parent?.closest('bdi, time, dd, [role=spinbutton], [lang]:not(html), [dir=auto], [aria-hidden=true], script, style') || !/[a-z]{2}/i.test(text)) continue
      if (!/^\[.*\]$/s.test(text.trim())) found.push(text)
    }
    for (const element of document.querySelectorAll('body :is([aria-label], [title], [placeholder]):not([role=spinbutton])')) {
      for (const name of ['aria-label', 'title', 'placeholder']) {
        const text = element.getAttribute(name)
        if (text !== null && /[a-z]{3}/i.test(text) && !text.startsWith('[')) found.push(`${name}: ${text}`)
      }
    }
    return found
  })
  return found.filter(words => !given.test(words))
}

/** What a text of the catalogue that takes nothing is in the pseudo-locale. */
export function pseudo (id: keyof typeof english): string {
  return pseudoWords(english)[id]
}

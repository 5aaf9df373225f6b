import { useEffect, useMemo, useState } from 'react'
import { useLocale } from '../../i18n/index.js'
import { usePreferences } from '../../settings/preferences.js'
import { colours, type Colour } from './drawing.js'

/** How charts look here and now. */
export interface Look {
  colours: Readonly<Record<Colour, string>>
  font: string
  locale: string
  isRtl: boolean
  /** Whether nothing may move. */
  isStill: boolean
  isNarrow: boolean
}

const queries = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)', '(max-width: 40rem)', '(forced-colors: active)'].map(query => matchMedia(query))

/** The look of the page: its theme, the reader's language, and what the system is set to. */
export function useLook (): Look {
  const { locale, direction } = useLocale()
  const { theme } = usePreferences()
  const [matching, setMatching] = useState(() => queries.map(({ matches }) => matches))
  useEffect(() => {
    const note = () => setMatching(queries.map(({ matches }) => matches))
    for (const query of queries) query.addEventListener('change', note)
    return () => { for (const query of queries) query.removeEventListener('change', note) }
  }, [])
  return useMemo(() => ({
    colours: readColours(),
    font: getComputedStyle(document.body).fontFamily,
    locale,
    isRtl: direction === 'rtl',
    isStill: queries[1]?.matches === true,
    isNarrow: queries[2]?.matches === true
  }), [locale, direction, theme, matching])
}

/** The theme's colours as they are now: a canvas doesn't understand its variables. */
function readColours (): Record<Colour, string> {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const read = colours.map(name => {
    probe.style.color = `var(--${name})`
    return [name, getComputedStyle(probe).color]
  })
  probe.remove()
  return Object.fromEntries(read) as Record<Colour, string>
}

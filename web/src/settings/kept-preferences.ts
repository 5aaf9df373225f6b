/** What a reader has chosen in this browser; what isn't there wasn't chosen. */
export interface Preferences {
  /** A language of the app, else the browser's. */
  readonly language?: string
  /** Else the system's. */
  readonly theme?: 'light' | 'dark'
  readonly priceUnit: 'currency' | 'cents'
  /** Whether to tell of messages while the page is hidden. */
  readonly notifications: boolean
}

const place = 'equilux:preferences'
const defaults: Preferences = { priceUnit: 'currency', notifications: false }
const listeners = new Set<() => void>()
let current: Preferences = withAddress(read())

addEventListener('storage', ({ key }) => {
  if (key === place || key === null) change(read())
})

/** What the reader has chosen by now. */
export function preferences (): Preferences {
  return current
}

/** Keeps a choice; `undefined` takes it back. */
export function setPreference<Name extends keyof Preferences> (name: Name, value: Preferences[Name]): void {
  change({ ...current, [name]: value })
  try {
    localStorage.setItem(place, JSON.stringify(current))
  } catch (error) {
    // Where the browser keeps nothing it holds for as long as the page is open.
    reportError(error)
  }
}

export function subscribe (listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function change (changed: Preferences): void {
  current = changed
  for (const listener of listeners) listener()
}

/** `?locale=de` in the address chooses a language for this visit. */
function withAddress (kept: Preferences): Preferences {
  const language = new URLSearchParams(location.search).get('locale')
  return language === null ? kept : { ...kept, language }
}

function read (): Preferences {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<Preferences> }
  } catch {
    // Somebody else's, or refused: then nothing was chosen.
    return defaults
  }
}

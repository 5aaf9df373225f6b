import { useSyncExternalStore } from 'react'
import { preferences, subscribe, type Preferences } from './kept-preferences.js'

export { setPreference } from './kept-preferences.js'

/** What the reader has chosen; the component is rendered again when that changes, in another tab too. */
export function usePreferences (): Preferences {
  return useSyncExternalStore(subscribe, preferences)
}

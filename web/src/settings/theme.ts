import { preferences, subscribe } from './kept-preferences.js'

/** Shows the page in the theme that was chosen, now and whenever another is. */
export function showTheme (): void {
  const show = () => {
    const { theme } = preferences()
    if (theme === undefined) delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }
  subscribe(show)
  show()
}

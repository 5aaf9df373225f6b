/** Loads what is around every view. */
export const loadLayout = async () => await import('./layout.js')
const loadChat = async () => await import('../session/chat.js')
const loadThread = async () => await import('../thread/thread-pane.js')

/** What the views are loaded by, by the first part of their address. */
export const views = {
  conversations: async () => await import('../conversations/index.js'),
  trades: async () => await import('../trades/index.js'),
  analytics: async () => await import('../analytics/index.js'),
  settings: async () => await import('../settings/index.js'),
  operator: async () => await import('../operator/index.js'),
  'sign-in': async () => await import('../session/sign-in-view.js')
}

/**
 * Asks for what the page's first view is made of, before anything could show it: on a slow network one thing after the other takes long.
 * What can't be loaded is reported by whatever shows it, which asks again.
 */
export async function loadAhead (isSignedIn: boolean): Promise<void> {
  const [view = '', subject] = location.pathname.split('/').slice(1)
  if (view === 'operator') return await settled([views.operator])
  if (!isSignedIn) return await settled([views['sign-in']])
  const shown = Object.hasOwn(views, view) && view !== 'sign-in' ? views[view as keyof typeof views] : views.conversations
  await settled([loadChat, loadLayout, shown, ...view === 'conversations' && subject !== undefined ? [loadThread] : []])
}

/** Asks for what is needed as somebody signs in. */
export async function loadRest (): Promise<void> {
  await settled([loadChat, loadLayout, views.conversations])
}

async function settled (loads: ReadonlyArray<() => Promise<unknown>>): Promise<void> {
  await Promise.allSettled(loads.map(load => load()))
}

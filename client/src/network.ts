/** Whether the browser knows that there is no network. Elsewhere nobody says. */
export function isOffline (): boolean {
  return globalThis.navigator?.onLine === false
}

export interface NetworkListener {
  onOffline: () => void
  /**
   * The network may be back, or a connection may have died unnoticed.
   * @param isLookedAt whether that is because somebody looks at the page
   */
  onBack: (isLookedAt: boolean) => void
}

/**
 * Listens to what a browser says of the network, and of its page being looked at again: while it wasn't, its timers may have stood still.
 * @returns what ends it
 */
export function watchNetwork ({ onOffline, onBack }: NetworkListener): () => void {
  const end = new AbortController()
  globalThis.addEventListener?.('offline', onOffline, end)
  globalThis.addEventListener?.('online', () => onBack(false), end)
  globalThis.document?.addEventListener('visibilitychange', () => { if (!document.hidden) onBack(true) }, end)
  return () => end.abort()
}

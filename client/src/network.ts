/** Whether the browser knows that there is no network. Elsewhere nobody says. */
export function isOffline (): boolean {
  return globalThis.navigator?.onLine === false
}

function isHidden (): boolean {
  return globalThis.document?.visibilityState === 'hidden'
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
  const onOnline = () => onBack(false)
  const onVisibility = () => { if (!isHidden()) onBack(true) }
  globalThis.addEventListener?.('offline', onOffline)
  globalThis.addEventListener?.('online', onOnline)
  globalThis.document?.addEventListener('visibilitychange', onVisibility)
  return () => {
    globalThis.removeEventListener?.('offline', onOffline)
    globalThis.removeEventListener?.('online', onOnline)
    globalThis.document?.removeEventListener('visibilitychange', onVisibility)
  }
}

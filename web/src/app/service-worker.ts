import { useSyncExternalStore } from 'react'

/** What it keeps must not compete with what the first view asks the server. In ms. */
const quiet = 3000

let waiting: ServiceWorker | undefined
const listeners = new Set<() => void>()

/** Lets the app start without a network, from a moment after the first view on; and notices when there is a new version of it. */
export function registerServiceWorker (): void {
  if (!('serviceWorker' in navigator)) return
  const register = () => navigator.serviceWorker.register('/sw.js').then(watch, (error: unknown) => console.warn('No service worker', error))
  setTimeout(register, quiet)
}

function watch (registration: ServiceWorkerRegistration): void {
  const note = () => {
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return
    waiting = registration.waiting
    for (const listener of listeners) listener()
  }
  note()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', note))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch((error: unknown) => console.warn('No update', error))
  })
}

/** Whether a new version waits to be used. */
export function useUpdate (): boolean {
  return useSyncExternalStore(subscribe, () => waiting !== undefined)
}

function subscribe (listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Loads the new version. */
export function takeUpdate (): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting?.postMessage('use')
}

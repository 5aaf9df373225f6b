import { useSyncExternalStore } from 'react'

let waiting: ServiceWorker | undefined
const listeners = new Set<() => void>()

/** Lets the app start without a network, from its second visit on; and notices when there is a new version of it. */
export function registerServiceWorker (): void {
  if (!('serviceWorker' in navigator)) return
  // What the first view needs comes first.
  const register = () => navigator.serviceWorker.register('/sw.js').then(watch, (error: unknown) => console.warn('No service worker', error))
  if (document.readyState === 'complete') register()
  else addEventListener('load', register)
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

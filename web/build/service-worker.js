/* global FILES, VERSION, addEventListener, caches, location, skipWaiting */
/*
 * Lets the app start without a network. FILES (what the build has made) and VERSION (a digest of it) are put in front of this by
 * the build. Nothing but the app's own files is ever kept: what the server says of conversations and trades is the store's business.
 */
const views = /^\/($|conversations(\/|$)|trades$|analytics$|settings$|sign-in$)/
const shell = `equilux-${VERSION}`

addEventListener('install', event => {
  event.waitUntil(caches.open(shell).then(cache => cache.addAll(['/', ...FILES])))
})

addEventListener('activate', event => {
  event.waitUntil(caches.keys().then(names => Promise.all(names.filter(name => name !== shell).map(name => caches.delete(name)))))
})

addEventListener('message', ({ data }) => {
  if (data === 'use') skipWaiting()
})

addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') {
    // Only where the server can't be reached: else it says what there is.
    if (views.test(pathname)) event.respondWith(fetch(request).catch(() => caches.match('/')))
  } else if (FILES.includes(pathname)) {
    event.respondWith(caches.match(request).then(kept => kept ?? fetch(request)))
  }
})

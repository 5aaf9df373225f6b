/** Who is signed in, and how to become and to stop being so. */
export { keptSession } from './kept.js'
export { SessionProvider, useSession } from './provider.js'

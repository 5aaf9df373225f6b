/** Who is signed in, and how to become and to stop being so. */
export { SessionProvider, useSession } from './provider.js'

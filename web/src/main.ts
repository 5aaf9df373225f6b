import { loadAhead, loadRest } from './app/ahead.js'
import { loadConfig } from './config/load.js'
import { loadWords } from './i18n/reader.js'
import { isAnybodyKept } from './session/kept.js'

/*
 * Small, and loads the rest at once: nothing that the first view needs is asked for only when something else has come.
 */
async function main (): Promise<void> {
  const isSignedIn = isAnybodyKept()
  const ahead = Promise.allSettled([loadAhead(isSignedIn), loadWords()])
  const [{ start, registerServiceWorker }, config] = await Promise.all([import('./app/start.js'), loadConfig().catch(noConfig)])
  await start(config)
  await ahead
  if (!isSignedIn) await loadRest()
  if (import.meta.env.PROD) registerServiceWorker()
}

function noConfig (error: unknown): undefined {
  console.warn('The app can\'t start', error)
}

// Not awaited here: the rest imports from this file what they share.
main().catch((error: unknown) => reportError(error))

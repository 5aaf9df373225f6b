import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { findDynoxide, freePort, runDynoxide } from './dynoxide.js'
import { lockFolder } from './folder-lock.js'

const FIRST_DELAY = 100
const LAST_DELAY = 5_000

/**
 * Starts a DynamoDB-compatible engine whose data is a file in `dataDir` (made when absent), and starts it again
 * whenever it dies, until `close`: that ends it, frees the folder, and may be called twice.
 * Resolves when the engine listens. Rejects when there is no Dynoxide program, when another process uses the folder, or
 * with what the engine wrote when it doesn't start.
 */
export async function startEmbeddedDynamoDB ({ dataDir, log }: { dataDir: string, log: FastifyBaseLogger }) {
  const program = findDynoxide()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const folder = realpathSync(dataDir)
  const lock = await lockFolder(folder)
  const run = (port: number) =>
    runDynoxide(program, port, join(folder, 'dynamodb.db'), line => log.debug({ port }, line))

  async function runOnFreePort (triesLeft = 3) {
    const port = await freePort()
    const endpoint = `http://127.0.0.1:${port}`
    lock.describe(endpoint)
    const engine = run(port)
    try {
      await engine.ready
      return { port, endpoint, engine }
    } catch (err) {
      await engine.stop()
      // Someone else may have taken the port since it was free
      if (triesLeft > 1 && /in use/.test(String(err))) return await runOnFreePort(triesLeft - 1)
      throw err
    }
  }

  const started = await runOnFreePort().catch(err => {
    lock.release()
    throw err
  })
  const { port, endpoint } = started
  let engine = started.engine
  const closing = new AbortController()

  async function keepRunning () {
    for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LAST_DELAY)) {
      const since = Date.now()
      const output = await engine.ended
      if (closing.signal.aborted) return
      if (Date.now() - since > 10 * LAST_DELAY) delay = FIRST_DELAY
      log.error({ port, delay, output }, 'The embedded DynamoDB died: starting it again')
      await sleep(delay, undefined, { signal: closing.signal }).catch(() => {})
      if (closing.signal.aborted) return
      engine = run(port)
      engine.ready.then(() => log.info({ port }, 'The embedded DynamoDB is back'), () => {})
    }
  }

  const kept = keepRunning()
  let closed: Promise<void> | undefined

  async function close () {
    closing.abort()
    await engine.stop()
    await kept
    lock.release()
  }

  return { endpoint, close: (): Promise<void> => (closed ??= close()) }
}

import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { makePrivate, makePrivateFolder } from '../shared/private-folder.js'
import { findDynoxide, freeAddress, runDynoxide, type Address } from './dynoxide.js'
import { lockFolder } from './folder-lock.js'

const FIRST_DELAY = 100
const LAST_DELAY = 5_000

/**
 * Starts a DynamoDB-compatible engine whose data is a file in `dataDir` (made when absent, and its owner's alone), and
 * starts it again whenever it dies, until `close`: that ends it, frees the folder, and may be called twice.
 * Where it listens is nobody else's business: only the file that locks the folder says it, and the log at `debug`.
 * Resolves when the engine listens. Rejects when there is no Dynoxide program, when another process uses the folder, when it is
 * open to others and can't be closed, or with what the engine wrote when it doesn't start.
 */
export async function startEmbeddedDynamoDB ({ dataDir, log }: { dataDir: string, log: FastifyBaseLogger }) {
  const program = findDynoxide()
  makePrivateFolder(dataDir)
  const folder = realpathSync(dataDir)
  const lock = await lockFolder(folder)
  const database = join(folder, 'dynamodb.db')
  const run = (address: Address) => runDynoxide(program, address, database, line => log.debug(line))

  async function runSomewhere (triesLeft = 3) {
    for (const file of ['', '-wal', '-shm'].map(end => `${database}${end}`)) if (existsSync(file)) makePrivate(file, 0o600)
    const address = await freeAddress()
    const endpoint = `http://${address.host}:${address.port}`
    lock.describe(endpoint)
    const engine = run(address)
    try {
      await engine.ready
      return { address, endpoint, engine }
    } catch (err) {
      await engine.stop()
      // Someone else may have taken the port since it was free
      if (triesLeft > 1 && /in use/.test(String(err))) return await runSomewhere(triesLeft - 1)
      throw err
    }
  }

  const started = await runSomewhere().catch(err => {
    lock.release()
    throw err
  })
  const { address, endpoint } = started
  let engine = started.engine
  const closing = new AbortController()

  async function keepRunning () {
    for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LAST_DELAY)) {
      const since = Date.now()
      const output = await engine.ended
      if (closing.signal.aborted) return
      if (Date.now() - since > 10 * LAST_DELAY) delay = FIRST_DELAY
      log.error({ delay, output }, 'The embedded DynamoDB died: starting it again')
      await sleep(delay, undefined, { signal: closing.signal }).catch(() => {})
      if (closing.signal.aborted) return
      engine = run(address)
      engine.ready.then(() => log.info('The embedded DynamoDB is back'), () => {})
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

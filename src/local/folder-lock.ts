import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { attempt } from './dynoxide.js'

const LOCK_PATIENCE = 5_000

const lockFile = 'dynamodb.pid'

interface Owner { pid: number, started?: string, endpoint?: string }

/**
 * Makes this process the owner of a data folder, by a file that names it. An owner that was killed leaves the file
 * behind: it is stale when that process is gone and its engine, which ends a moment later, no longer answers.
 * Rejects when another process owns the folder for more than a few seconds.
 */
export async function lockFolder (folder: string) {
  const path = join(folder, lockFile)
  const me: Owner = { pid: process.pid, started: startTime(process.pid) }
  const deadline = Date.now() + LOCK_PATIENCE

  while (!unless('EEXIST', () => create(path, JSON.stringify(me)))) {
    const text = unless('ENOENT', () => readFileSync(path, 'utf8'))
    if (text === undefined) continue
    const owner: Owner | undefined = attempt(() => JSON.parse(text))
    const alive = owner && isAlive(owner)
    const late = Date.now() > deadline
    if (alive && late) {
      throw new Error(`DATA_DIR ${folder} is in use by process ${owner.pid} (if that is no chat server, delete ${path})`)
    }
    // An empty file is one that its owner is writing. A dead owner's engine is killed within three seconds, so whoever
    // answers in its place after that is a stranger.
    if (late || (owner && !alive && !await answers(owner.endpoint))) removeStale(path, text)
    else await sleep(100)
  }

  return {
    describe: (endpoint: string) => writeFileSync(path, JSON.stringify({ ...me, endpoint }), { mode: 0o600 }),
    release: () => rmSync(path, { force: true })
  }
}

/** The process that owns a folder, undefined where none does, with the endpoint of its engine where that answers. */
export async function ownerOf (folder: string): Promise<Pick<Owner, 'pid' | 'endpoint'> | undefined> {
  const text = unless('ENOENT', () => readFileSync(join(folder, lockFile), 'utf8'))
  const owner: Owner | undefined = text === undefined ? undefined : attempt(() => JSON.parse(text))
  if (owner === undefined || !isAlive(owner)) return undefined
  return { pid: owner.pid, endpoint: await answers(owner.endpoint) ? owner.endpoint : undefined }
}

function create (path: string, text: string) {
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
  return true
}

// Several processes may find the same file stale. The rename gives it to one of them; another one may get the first
// one's new lock that way, and puts it back.
function removeStale (path: string, stale: string) {
  const aside = `${path}.${process.pid}`
  unless('ENOENT', () => {
    renameSync(path, aside)
    const text = readFileSync(aside, 'utf8')
    if (text !== stale) unless('EEXIST', () => create(path, text))
    rmSync(aside)
  })
}

// The start time, which only Linux tells, sets the owner apart from a process that was later given its number: after a
// restart of a container, possibly this very one.
const isAlive = ({ pid, started }: Owner) =>
  started ? started === startTime(pid) : attempt(() => process.kill(pid, 0)) === true

const startTime = (pid: number) =>
  attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ')[19])

const answers = async (endpoint?: string) => endpoint !== undefined &&
  await fetch(endpoint, { method: 'HEAD', signal: AbortSignal.timeout(1_000) })
    .then(() => true, err => err.name === 'TimeoutError')

function unless<T> (code: string, fn: () => T): T | undefined {
  try {
    return fn()
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === code) return undefined
    throw err
  }
}

import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const READY_TIMEOUT = 10_000
const STOP_TIMEOUT = 5_000
const KEPT_LINES = 20

/*
 * Node can't ask the kernel to end a child with its parent, so a shell stands between the two. Its stdin is a pipe that
 * only the server holds: however the server ends, the pipe does too, and with it the whole process group, which is this
 * shell's own. SIGKILL is for an engine that doesn't answer SIGTERM; SQLite survives it.
 */
const SUPERVISOR = `
umask 077
ulimit -c 0  # the engine aborts when nobody reads its last words
exec 3<&0  # a background command gets /dev/null as its stdin
trap 'trap "" TERM; kill 0' TERM
"$@" </dev/null 3<&- &
engine=$!
trap "" PIPE  # a server that was killed reads no last words
(trap "" TERM; read -r _ <&3; kill 0; sleep 3; kill -9 0) &
# The trap interrupts wait, hence the loop
while wait "$engine"; status=$?; kill -0 "$engine" 2>/dev/null; do :; done
echo "dynoxide ended with status $status" >&2
kill -9 0  # the reader, which would wait on, and this shell
`

/** Where an engine listens. */
export interface Address { host: string, port: number }

export interface Engine {
  /** Resolves when it listens; rejects, with what it wrote, if it ends first or takes too long (it is killed then). */
  ready: Promise<void>
  /** Resolves when no process of it is left, with the last that it wrote; never rejects. */
  ended: Promise<string>
  /** Ends it and resolves when no process of it is left. */
  stop (): Promise<void>
}

/**
 * Starts `program serve` at an address with the SQLite file `dbPath`, in a process group of its own (a Ctrl-C
 * must not end it before the server has drained), and sees to it that it ends with this process.
 * Each line it writes goes to `onLine`.
 */
export function runDynoxide (program: string, { host, port }: Address, dbPath: string, onLine: (line: string) => void): Engine {
  const serve = [program, 'serve', '--host', host, '--port', `${port}`, '--db-path', dbPath]
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'supervisor', ...serve], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe']
  })
  const killGroup = () => attempt(() => child.pid && process.kill(-child.pid, 'SIGKILL'))
  const lines: string[] = []
  const output = () => lines.join('\n')

  // Everything in the group holds stderr, so `close` comes after the last of them. `exit` is the supervisor's alone.
  const ended = new Promise<string>(resolve => child.once('close', () => resolve(output())))
  child.once('exit', killGroup)
  child.stdin.on('error', () => {})

  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      killGroup()
      reject(new Error(`Dynoxide didn't listen within ${READY_TIMEOUT} ms: ${output()}`))
    }, READY_TIMEOUT)
    child.once('error', reject)
    ended.then(() => {
      clearTimeout(late)
      reject(new Error(`Dynoxide ended: ${output()}`))
    })
    createInterface({ input: child.stderr }).on('line', line => {
      onLine(line)
      // Its word, printed once it is bound: a connection could be answered by a stranger that took the port first
      if (line.includes(`listening on http://${host}:${port}`)) {
        clearTimeout(late)
        return resolve()
      }
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.shift()
    })
  })
  ready.catch(() => {})

  async function stop () {
    const late = setTimeout(killGroup, STOP_TIMEOUT)
    child.stdin.end()
    await ended
    clearTimeout(late)
  }

  return { ready, ended, stop }
}

/**
 * The path of the Dynoxide program: from npm's package for this platform, else from its package `dynoxide`, else from
 * the PATH. Throws an Error that tells what to do when there is none.
 */
export function findDynoxide (): string {
  const name = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide'
  const platform = `${process.platform}-${process.arch}`
  const found = [
    inPackage(`@dynoxide/${platform}`, () => name),
    inPackage('dynoxide', ({ bin }) => typeof bin === 'string' ? bin : bin.dynoxide),
    ...(process.env.PATH ?? '').split(delimiter).filter(Boolean).map(folder => join(folder, name))
  ].find(path => path && isProgram(path))
  if (found) return found
  throw new Error(`The embedded DynamoDB needs the program dynoxide, and none was found for ${platform}. ` +
    'Put dynoxide on the PATH, or set DYNAMODB to the http:// endpoint of another engine, such as DynamoDB Local')
}

/**
 * An address of this machine alone that nobody listens on at the moment, and that nobody can guess.
 *
 * The engine does what any web page asks: it answers each one's preflight, and has neither an option against that nor a
 * Unix socket. But a page has to know where to ask. On Linux (and Windows) all of 127.0.0.0/8 is the loopback interface, so
 * that the address is one of 2^24, with a port 2^39; elsewhere only 127.0.0.1 is.
 */
export async function freeAddress (host = randomLoopback()): Promise<Address> {
  const server = createServer().listen(0, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL' || host === '127.0.0.1') throw error
    return await freeAddress('127.0.0.1')
  }
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return { host, port }
}

// Without 0 and 255, which in some places stand for a network and for all of it.
const randomLoopback = () => ['127', ...Array.from({ length: 3 }, () => randomInt(1, 255))].join('.')

const require = createRequire(import.meta.url)

const inPackage = (name: string, file: (manifest: { bin: string | { dynoxide: string } }) => string) => attempt(() => {
  const manifest = `${name}/package.json`
  return join(dirname(require.resolve(manifest)), file(require(manifest)))
})

const isProgram = (path: string) => attempt(() => {
  accessSync(path, constants.X_OK)
  return statSync(path).isFile()
})

/** What `fn` returns, or undefined when it throws. */
export function attempt<T> (fn: () => T): T | undefined {
  try {
    return fn()
  } catch {
    return undefined
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { SignJWT } from 'jose'
import type { Test } from 'tap'
import { jwtSecret } from './helper.js'
import { processesWith } from './processes.js'
import { program } from './program.js'

/** The server as a process of its own, in an empty folder. */
export function launch (t: Test, folder: string, env: Record<string, string> = {}, nodeArgs: string[] = []) {
  const child = spawn(...program('server', [], nodeArgs), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      DYNAMODB_CLIENT: process.env.DYNAMODB_CLIENT ?? 'lean',
      NODE_NO_WARNINGS: '1',
      NODE_ENV: 'development',
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: 'data',
      JWT_SECRET: jwtSecret,
      FIRST_CONTACT: 'open',
      RATE_LIMIT_MAX: '0',
      ...env
    }
  })
  let stderr = ''
  child.stderr.on('data', data => { stderr += data })
  const exited = once(child, 'close').then(([code]) => code as number | null)
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, exited, stderr: () => stderr }
}

/** A development server that listens, and in development the page that it says to open. Its engine ends soon after it. */
export async function start (t: Test, folder: string, env?: Record<string, string>) {
  const server = launch(t, folder, env)
  t.teardown(async () => {
    server.child.kill('SIGKILL')
    while (processesOf(folder).length > 0) await sleep(50)
  })
  let url: string | undefined
  for await (const line of createInterface({ input: server.child.stdout })) {
    const [, host] = /"msg":"Server listening at (?:http:\/\/)?(127\.0\.0\.1:\d+)"/.exec(line) ?? []
    if (host !== undefined) url = `http://${host}`
    const [, page] = /"msg":"Open (http:[^"]*)"/.exec(line) ?? []
    // In development it comes last.
    if (url === undefined || (page === undefined && (env?.NODE_ENV ?? 'development') === 'development')) continue
    server.child.stdout.resume()
    return { ...server, url, page }
  }
  throw new Error(`The server doesn't listen: ${server.stderr()}`)
}

/** A token of a user. */
export async function tokenFor (userId: string, secret = jwtSecret) {
  return await new SignJWT({ sub: userId }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret))
}

/** The processes of the engine whose data is below a folder. */
export function processesOf (folder: string) {
  return processesWith(join(folder, 'data/dynamodb.db'))
}

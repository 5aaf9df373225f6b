import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

export const region = 'eu-central-1'
export const credentials = { accessKeyId: 'tests', secretAccessKey: 'a secret that only the tests know' }

/** An engine that checks signatures, digests, conditions and tags as S3 does; to build it, once for all clones, takes Go. @returns its program */
function build (): string {
  return execFileSync('sh', [join(import.meta.dirname, 'versitygw.sh')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

/** Starts an S3 of its own in empty folders, which ends with the test. @returns where it is */
export async function startGateway (t: Test) {
  const folder = t.testdir({ buckets: {}, attributes: {} })
  const port = await freePort()
  // Attributes in files: not every file system has extended ones.
  const child = spawn(build(), ['--port', `127.0.0.1:${port}`, '--region', region, 'posix', '--sidecar', `${folder}/attributes`, `${folder}/buckets`], {
    env: { PATH: process.env.PATH, ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey },
    stdio: ['ignore', 'ignore', 'inherit']
  })
  const stop = async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  t.teardown(stop)
  const endpoint = `http://127.0.0.1:${port}`
  while (await fetch(endpoint).then(() => false, () => true)) {
    if (child.exitCode !== null) throw new Error(`The gateway ended with ${child.exitCode}`)
    await sleep(50)
  }
  return { endpoint, stop }
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

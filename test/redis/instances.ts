import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import type { createLogger } from '../../src/observability/logger.js'
import type { HubLimits } from '../../src/hub/limits.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'

/** A Redis server of its own that keeps nothing; it ends with the test. */
export class RedisServer {
  #process: ChildProcess | undefined

  private constructor (readonly port: number) {}

  static async start (t: Test): Promise<RedisServer> {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    const server = new RedisServer(port)
    await server.start()
    t.teardown(() => server.stop())
    return server
  }

  get url (): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async start (): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    this.#process = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    // Also when the tests are cut short.
    process.once('exit', () => this.#process?.kill('SIGKILL'))
    let output = ''
    for await (const part of this.#process.stdout!) {
      output += String(part)
      if (output.includes('Ready to accept connections')) break
    }
  }

  async stop (): Promise<void> {
    const running = this.#process
    if (running === undefined) return
    this.#process = undefined
    const exit = once(running, 'exit')
    running.kill('SIGKILL')
    await exit
  }

  /** Lets it hold its connections without answering. */
  freeze (): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw (): void {
    this.#process?.kill('SIGCONT')
  }

  /** A client to look into it. */
  client (t: Test): Redis {
    const client = new Redis(this.url)
    t.teardown(() => client.disconnect())
    return client
  }
}

interface Options {
  env?: Record<string, string>
  hubLimits?: Partial<HubLimits>
  log?: ReturnType<typeof createLogger>
}

let tables = 0

/** Several listening instances of the server on one table and one Redis. */
export async function instances (t: Test, redis: RedisServer, count = 2, { env, hubLimits, log }: Options = {}) {
  const TABLE_NAME = `redis-${process.pid}-${++tables}`
  const all = []
  for (let n = 0; n < count; n++) {
    const app = await testApp(t, {
      log, hubLimits: { mendSpread: 500, ...hubLimits }, env: { TABLE_NAME, REDIS_URL: redis.url, ...env }
    })
    const url = await listen(app)
    all.push({
      app,
      url,
      user: (id: string) => new TestUser(app, id),
      open: async (id: string) => await TestSocket.open(t, url, new TestUser(app, id)),
      ready: async () => (await app.inject('/ready')).json() as { status: string, redis: string }
    })
  }
  return { all, prefix: `equilux:${TABLE_NAME}` }
}

/** Waits for something that has to be asked for. */
export async function eventually (what: string, holds: () => Promise<boolean>, patience = 30_000): Promise<void> {
  const end = Date.now() + patience
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`It never came about that ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

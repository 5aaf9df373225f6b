import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import jwt from '@fastify/jwt'
import fastify, { type FastifyInstance } from 'fastify'
import { createDatabaseClient } from '../../src/database/client.js'
import { createTable } from '../../src/database/table.js'
import { freeAddress } from '../../src/local/dynoxide.js'
import { startEmbeddedDynamoDB } from '../../src/local/embedded-dynamodb.js'
import { createLogger } from '../../src/observability/logger.js'
import { Child } from './child.js'
import { compile, compiled } from './compile.js'
import type { Load, Result } from './load.js'
import type { World } from './rows.js'

const secret = 'a secret that only the bench knows and uses'

/** The server with one client, or the floors. */
export interface Subject {
  name: string
  child: Child
  url: string
}

/** All processes of the bench: the engine, what is measured, and the load. */
export class Site {
  readonly #tokens = new Map<string, string>()

  private constructor (
    readonly load: Child, readonly openers: Child, readonly floors: Subject, readonly servers: readonly Subject[], readonly instant: Child | undefined,
    private readonly signer: FastifyInstance, readonly close: () => Promise<void>
  ) {}

  /**
   * @param clients of which kinds a server is started each
   * @param instant whether a process stands in for the database
   */
  static async open (clients: readonly string[], instant: boolean): Promise<Site> {
    await compile()
    const signer = fastify()
    await signer.register(jwt, { secret, sign: { expiresIn: '1h' } })
    const dataDir = await mkdtemp(join(tmpdir(), 'equilux-bench-'))
    const engine = await startEmbeddedDynamoDB({ dataDir, log: createLogger({ LOG_LEVEL: 'silent', NODE_ENV: 'test' }) })
    const children: Child[] = []
    const start = (path: string, env?: Record<string, string>, flags?: readonly string[]) => {
      const child = Child.start(path, env, flags)
      children.push(child)
      return child
    }
    const close = async () => {
      await Promise.all(children.map(async child => await child.stop()))
      await engine.close()
      await rm(dataDir, { recursive: true })
    }
    try {
      const standIn = instant ? start(compiled['instant-database']!, { ENDPOINT: engine.endpoint }) : undefined
      const endpoint = standIn === undefined ? engine.endpoint : (await standIn.next<{ url: string }>()).url
      for (const table of ['floors', ...clients]) await createTableAt(engine.endpoint, `bench-${table}`)
      const [load, openers] = [start(compiled.load!), start(compiled.load!)]
      const floors = start(compiled.floors!, { ENDPOINT: endpoint, TABLE: 'bench-floors' })
      const [{ url }, servers] = await Promise.all([
        floors.next<{ url: string }>(), Promise.all(clients.map(async name => await startServer(name, endpoint, dataDir, start))), load.next(), openers.next()
      ])
      return new Site(load, openers, { name: 'floors', child: floors, url }, servers, standIn, signer, close)
    } catch (error) {
      await close()
      throw error
    }
  }

  token (userId: string): string {
    const token = this.#tokens.get(userId) ?? this.signer.jwt.sign({ sub: userId })
    this.#tokens.set(userId, token)
    return token
  }

  /** What a row needs to prepare itself at a server. */
  world (subject: Subject): World {
    return {
      token: userId => this.token(userId),
      prepare: async requests => await this.run({ url: subject.url, requests, connections: 4, once: true, duration: 600_000 })
    }
  }

  /** Makes requests. @throws Error when one is refused: what is measured then isn't what it should be. */
  async run (load: Load): Promise<Result> {
    const result = await this.load.ask<Result>({ load })
    if (result.failed > 0) throw new Error(`${result.failed} of ${result.count} requests failed: ${result.failure}`)
    return result
  }

  /** Whether writes reach the engine, where a process stands in for it. */
  async learn (learning: boolean): Promise<void> {
    await this.instant?.ask(learning ? 'learn' : 'replay')
  }
}

async function createTableAt (endpoint: string, table: string) {
  const client = createDatabaseClient({ DYNAMODB: endpoint, AWS_REGION: 'eu-central-1', DYNAMODB_CLIENT: 'sdk' }, { connect: 30_000, attempt: 30_000 })
  await createTable(client.sdk, table)
  client.destroy()
}

/** As `npm start` does. */
const flags = ['--max-semi-space-size=32']

type Start = (path: string, env: Record<string, string>, flags: readonly string[]) => Child

async function startServer (name: string, endpoint: string, dataDir: string, start: Start): Promise<Subject> {
  const { port } = await freeAddress('127.0.0.1')
  const child = start('dist/src/server.js', {
    NODE_ENV: 'test',
    PORT: `${port}`,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    JWT_SECRET: secret,
    FIRST_CONTACT: 'open',
    RATE_LIMIT_MAX: '0',
    // What is done later would take processor time from what is measured.
    ANALYTICS: 'off',
    DYNAMODB: endpoint,
    DYNAMODB_CLIENT: name,
    TABLE_NAME: `bench-${name}`,
    DATA_DIR: dataDir
  }, flags)
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    const up = await fetch(`${url}/health`).then(({ ok }) => ok, () => false)
    if (up) return { name, child, url }
    if (tries > 1800) throw new Error(`The server with the client ${name} does not listen`)
    await sleep(100)
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { loadConfig } from '../../src/config/environment.js'
import { createDatabaseClient } from '../../src/database/client.js'
import { createTable } from '../../src/database/table.js'
import { freeAddress } from '../../src/local/dynoxide.js'
import { startEmbeddedDynamoDB } from '../../src/local/embedded-dynamodb.js'
import { resolveSecrets } from '../../src/config/secrets.js'
import { createLogger } from '../../src/observability/logger.js'
import authentication from '../../src/plugins/auth.js'
import configuration from '../../src/plugins/config.js'
import { Instance } from './instance.js'

/** Server processes on one Redis and one database, each of which can be stopped and started again. */
export class World {
  #redis: ChildProcess | undefined

  private constructor (
    readonly instances: Instance[], readonly env: Readonly<Record<string, string>>, readonly redisPort: number, readonly databasePort: number,
    private readonly signer: FastifyInstance, private readonly closeDatabase: () => Promise<void>
  ) {}

  /** @param prepare is done when the first one is there, before the others come */
  static async start (count: number, prepare: (world: World) => Promise<void>): Promise<World> {
    const dataDir = await mkdtemp(join(tmpdir(), 'equilux-stress-'))
    const engine = await startEmbeddedDynamoDB({ dataDir, log: createLogger({ LOG_LEVEL: 'silent', NODE_ENV: 'test' }) })
    const { port: redisPort } = await freeAddress('127.0.0.1')
    const env: Record<string, string> = {
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      JWT_SECRET: 'a secret that only the stress program knows',
      FIRST_CONTACT: 'open',
      RATE_LIMIT_MAX: '0',
      ANALYTICS: 'on',
      DYNAMODB: engine.endpoint,
      TABLE_NAME: 'stress',
      DATA_DIR: dataDir,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      SSE_MAX_SECONDS: '10'
    }
    const config = await resolveSecrets(loadConfig(env))
    const dynamodb = createDatabaseClient(config)
    await createTable(dynamodb.sdk, config.TABLE_NAME)
    dynamodb.destroy()

    const signer = fastify()
    await signer.register(configuration, { config })
    await signer.register(authentication)
    await signer.ready()

    const instances: Instance[] = []
    for (let n = 0; n < count; n++) {
      const { port } = await freeAddress('127.0.0.1')
      instances.push(new Instance(port, { ...env, PORT: String(port) }))
    }
    const world = new World(instances, env, redisPort, Number(new URL(engine.endpoint).port), signer, async () => {
      await engine.close()
      await rm(dataDir, { recursive: true })
    })
    await world.startRedis()
    const [first, ...others] = instances
    await first?.start()
    await prepare(world)
    await Promise.all(others.map(async instance => await instance.start()))
    return world
  }

  get urls (): string[] {
    return this.instances.map(({ url }) => url)
  }

  token (userId: string): string {
    return this.signer.jwt.sign({ sub: userId }, { expiresIn: '1h' })
  }

  async startRedis (): Promise<void> {
    this.#redis = spawn('redis-server', ['--port', String(this.redisPort), '--save', '', '--appendonly', 'no'], { stdio: 'ignore' })
    await sleep(300)
  }

  async stopRedis (): Promise<void> {
    const redis = this.#redis
    if (redis === undefined) return
    const exit = once(redis, 'exit')
    redis.kill('SIGKILL')
    await exit
  }

  async close (): Promise<void> {
    await Promise.all(this.instances.map(async instance => await instance.stop('SIGTERM')))
    await this.stopRedis()
    await this.signer.close()
    await this.closeDatabase()
  }
}

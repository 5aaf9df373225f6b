import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { buildApp } from '../../src/app.js'
import { loadConfig } from '../../src/config/environment.js'
import { resolveSecrets } from '../../src/config/secrets.js'
import { createTable } from '../../src/database/table.js'
import { startEmbeddedDynamoDB } from '../../src/local/embedded-dynamodb.js'
import { createLogger } from '../../src/observability/logger.js'

export interface GrowthApp {
  app: FastifyInstance
  /** Makes a user's request, and gives the answer's body. @throws Error when it is refused */
  ask: <Answer = unknown>(userId: string, options: InjectOptions) => Promise<Answer>
  close: () => Promise<void>
}

/** A server in this process, on an engine and a table of its own. */
export async function growthApp (): Promise<GrowthApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'equilux-growth-'))
  const log = createLogger({ LOG_LEVEL: 'silent', NODE_ENV: 'test' })
  const engine = await startEmbeddedDynamoDB({ dataDir, log })
  const config = await resolveSecrets(loadConfig({
    NODE_ENV: 'test', LOG_LEVEL: 'silent', JWT_SECRET: 'a secret that only the bench knows and uses', FIRST_CONTACT: 'open', RATE_LIMIT_MAX: '0', ANALYTICS: 'off', DYNAMODB: engine.endpoint, DATA_DIR: dataDir
  }))
  const app = await buildApp({ config, log, answerWithin: 60_000, patience: { connect: 60_000, attempt: 60_000 } })
  await createTable(app.dynamodb.sdk, config.TABLE_NAME)
  await app.ready()
  return {
    app,
    ask: async (userId, options) => {
      const token = app.jwt.sign({ sub: userId }, { expiresIn: '1d' })
      const { statusCode, body } = await app.inject({ ...options, headers: { authorization: `Bearer ${token}` } })
      if (statusCode >= 300) throw new Error(`${statusCode} ${body}`)
      return JSON.parse(body)
    },
    close: async () => {
      await app.close()
      await engine.close()
      await rm(dataDir, { recursive: true })
    }
  }
}

import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.js'
import { ConfigError, loadConfig } from './config/environment.js'
import { createDatabaseClient, patient } from './database/client.js'
import { createTable, tableExists } from './database/table.js'
import { startEmbeddedDynamoDB } from './local/embedded-dynamodb.js'
import { resolveSecrets } from './config/secrets.js'
import { createLogger } from './observability/logger.js'
import { within } from './shared/within.js'

/** How long requests are still served after SIGTERM, in milliseconds. */
const drainTime = 1000

/** How long the start waits for the endpoints of webhooks, in ms. */
const patience = 1000

/** Where the web app is built: below the package's folder, from wherever this runs in it. */
const webApp = fileURLToPath(new URL('web/dist', import.meta.resolve('equilux-chat/package.json')))

/** How many connections may wait to be accepted, if the system allows as many: who finds no room tries again after a second. */
const backlog = 4096

/**
 * Serves until it is told to end.
 * @param env variables by name
 * @param stopTracing is called last of all
 * @returns the server, which listens
 */
export async function serve (env: NodeJS.Dict<string>, stopTracing: () => Promise<void>): Promise<FastifyInstance> {
  const config = await resolveSecrets(loadConfig(env))
  const log = createLogger(config)
  const embedded = config.DYNAMODB === 'embedded'
    ? await startEmbeddedDynamoDB({ dataDir: config.DATA_DIR, log })
    : undefined
  if (embedded !== undefined) log.info(`Embedded DynamoDB: its data is kept in ${config.DATA_DIR}`)
  const isBuilt = existsSync(join(webApp, 'index.html'))
  if (!isBuilt && config.WEB_APP === 'on') log.warn('the web app is not built, so that there is none: `npm run build:web`, or WEB_APP=off')
  const app = await buildApp({
    log, config: { ...config, DYNAMODB: embedded?.endpoint ?? config.DYNAMODB }, webApp: isBuilt ? webApp : undefined
  })

  closeWithGrace({ delay: config.SHUTDOWN_GRACE_SECONDS * 1000, logger: app.log }, async ({ err }) => {
    if (err !== undefined) app.log.fatal({ err }, 'the server fails')
    // Clients that keep connections alive hear of it with their next answer, and load balancers by /ready.
    app.drain()
    if (err === undefined) await sleep(drainTime)
    await app.close()
    await embedded?.close()
    await stopTracing()
  })

  if (embedded !== undefined) await createEmbeddedTable(app)
  else await requireTable(app)
  // Until the endpoints are known every message is marked for them. The server starts without them as well.
  await within(patience, app.webhooks.renew())
  const isDevelopment = config.NODE_ENV === 'development'
  // There not as a URL: the one to open in a browser comes below.
  const listenTextResolver = (address: string) => `Server listening at ${isDevelopment ? new URL(address).host : address}`
  await app.listen({ port: config.PORT, host: config.HOST, backlog, listenTextResolver })
  if (isDevelopment) welcome(app)
  return app
}

async function createEmbeddedTable ({ config }: FastifyInstance) {
  const client = createDatabaseClient(config, patient)
  try {
    await createTable(client.sdk, config.TABLE_NAME)
  } finally {
    client.destroy()
  }
}

/** A missing table is an operator's mistake, told at the start; a database that is away for now is not. */
async function requireTable (app: FastifyInstance) {
  const { TABLE_NAME: table, NODE_ENV: environment } = app.config
  const there = await tableExists(app.dynamodb.sdk, table).catch(err => app.log.warn({ err }, 'the table can\'t be checked yet'))
  if (there !== false) return
  if (environment === 'production') throw new ConfigError([`TABLE_NAME: there is no table ${table}; \`npm run table\` creates it`])
  app.log.warn(`there is no table ${table}; \`npm run table\` creates it`)
}

function welcome (app: FastifyInstance) {
  const { port } = app.server.address() as AddressInfo
  app.log.info('The API is described at /docs; a token for a program: npm run token -- alice')
  app.log.info(`Open http://localhost:${port}${app.hasRoute({ method: 'GET', url: '/' }) ? '' : '/docs'}`)
}

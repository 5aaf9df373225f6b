import { mkdir, writeFile } from 'node:fs/promises'
import { buildApp } from './app.js'
import { asyncApiDocument } from './asyncapi/document.js'
import { loadConfig } from './config.js'
import { resolveSecrets } from './local/secrets.js'
import { createLogger } from './logger.js'

// Nothing of this is used: the documents don't depend on the configuration, and no database is asked.
const config = loadConfig({
  NODE_ENV: 'test', LOG_LEVEL: 'silent', DYNAMODB: 'http://localhost', JWT_SECRET: 'for emitting the documents and never for tokens'
})

const app = await buildApp({ log: createLogger(config), config: await resolveSecrets(config) })
await app.ready()
await mkdir('openapi', { recursive: true })
for (const [name, document] of Object.entries({ openapi: app.swagger(), asyncapi: asyncApiDocument() })) {
  await writeFile(`openapi/${name}.json`, `${JSON.stringify(document, null, 2)}\n`)
}
await app.close()

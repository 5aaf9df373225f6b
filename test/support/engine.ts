import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedDynamoDB } from '../../src/local/embedded-dynamodb.js'
import { createLogger } from '../../src/observability/logger.js'

/** Starts an embedded database engine with a folder of its own, which goes when it is closed. */
export async function startEngine () {
  const dataDir = await mkdtemp(join(tmpdir(), 'equilux-chat-'))
  const started = await startEmbeddedDynamoDB({ dataDir, log: createLogger({ LOG_LEVEL: 'silent', NODE_ENV: 'test' }) })
  return {
    endpoint: started.endpoint,
    close: async () => {
      await started.close()
      await rm(dataDir, { recursive: true })
    }
  }
}

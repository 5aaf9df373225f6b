import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { startEmbeddedDynamoDB } from './embedded-dynamodb.js'
import { ownerOf } from './folder-lock.js'

const PATIENCE = 15_000
const PAUSE = 100

/**
 * The engine whose data is in `dataDir`: the one that another process runs, a server mostly, or else one that is started here and ends
 * with `close`. Rejects as starting one does, and where the other process' engine doesn't answer for `patience` ms.
 */
export async function reachEmbeddedDynamoDB ({ dataDir, log, patience = PATIENCE }: {
  dataDir: string, log: FastifyBaseLogger, patience?: number
}): Promise<{ endpoint: string, close: () => Promise<void> }> {
  const deadline = Date.now() + patience
  for (;;) {
    const owner = await ownerOf(dataDir)
    if (owner === undefined) {
      try {
        return await startEmbeddedDynamoDB({ dataDir, log })
      } catch (error) {
        // Somebody else may have been quicker.
        if (await ownerOf(dataDir) === undefined) throw error
      }
    } else if (owner.endpoint !== undefined) return { endpoint: owner.endpoint, close: async () => {} }
    else if (Date.now() > deadline) throw new Error(`DATA_DIR ${dataDir} is in use by process ${owner.pid}, whose database doesn't answer`)
    await sleep(PAUSE)
  }
}

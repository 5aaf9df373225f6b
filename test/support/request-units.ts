import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import type { FastifyInstance } from 'fastify'

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'])
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'])

/** Request units, of items and of indexes. */
export interface RequestUnits {
  read: number
  write: number
}

/** A meter of what an app asks of its database: returns the request units that an action costs. */
export function requestUnits (app: FastifyInstance) {
  let units: RequestUnits | undefined
  app.dynamodb.aroundCalls(async (call, next) => {
    const { operation } = call
    const kind = reads.has(operation) ? 'read' : writes.has(operation) ? 'write' : undefined
    if (kind === undefined || units === undefined) return await next(call)
    const answer = await next(call)
    const { ConsumedCapacity: consumed } = answer as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] }
    if (consumed === undefined) throw new Error(`The database doesn't say what ${operation} costs`)
    for (const { CapacityUnits = 0 } of [consumed].flat()) units[kind] += CapacityUnits
    return answer
  })

  return async (action: () => Promise<unknown>): Promise<RequestUnits> => {
    const own = units = { read: 0, write: 0 }
    await action()
    units = undefined
    return own
  }
}

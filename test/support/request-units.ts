import { setImmediate as breathe } from 'node:timers/promises'
import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import type { FastifyInstance } from 'fastify'

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'])
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'])

/** Request units, of items and of indexes. */
export interface RequestUnits {
  read: number
  write: number
}

/**
 * A meter of what an app asks of its database: returns the request units that an action costs. What was set off before, and goes on after
 * its answer (a directory entry, where the database is slow), is waited for and isn't counted, if this was made before it.
 */
export function requestUnits (app: FastifyInstance) {
  let units: RequestUnits | undefined
  const underWay = new Set<object>()
  app.dynamodb.aroundCalls(async (call, next) => {
    const { operation } = call
    const kind = reads.has(operation) ? 'read' : writes.has(operation) ? 'write' : undefined
    const own = units
    underWay.add(call)
    const answer = await next(call).finally(() => { underWay.delete(call) })
    if (kind === undefined || own === undefined) return answer
    const { ConsumedCapacity: consumed } = answer as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] }
    if (consumed === undefined) throw new Error(`The database doesn't say what ${operation} costs`)
    for (const { CapacityUnits = 0 } of [consumed].flat()) own[kind] += CapacityUnits
    return answer
  })

  return async (action: () => Promise<unknown>): Promise<RequestUnits> => {
    // One that follows upon another is made as soon as that is answered.
    do await breathe()
    while (underWay.size > 0)
    const own = units = { read: 0, write: 0 }
    await action()
    units = undefined
    return own
  }
}

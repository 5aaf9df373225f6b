import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import type { Answer, DatabaseClient } from './database-client.js'

/** The operations that cost request units, and of which kind. */
const kinds: Record<string, 'read' | 'write'> = {
  GetItem: 'read',
  BatchGetItem: 'read',
  Query: 'read',
  Scan: 'read',
  TransactGetItems: 'read',
  PutItem: 'write',
  UpdateItem: 'write',
  DeleteItem: 'write',
  BatchWriteItem: 'write',
  TransactWriteItems: 'write'
}

/** A call of DynamoDB, all attempts at it together. */
export interface DynamoDBCall {
  /** Such as `TransactWriteItems`. */
  operation: string
  /** `ok`, or the name of the error. */
  outcome: string
  seconds: number
  /** Attempts after the first one. */
  retries: number
  /** Request units that the answer tells of; of a call that failed DynamoDB doesn't say. */
  units: { read: number, write: number }
}

/**
 * Tells of every call that a client makes. What it costs is asked for with it: the answer gets some bytes longer.
 * @param listener is told when a call has ended
 */
export function observeCalls (client: DatabaseClient, listener: (call: DynamoDBCall) => void): void {
  client.aroundCalls(async (call, next) => {
    const { operation } = call
    const kind = kinds[operation]
    const startedAt = performance.now()
    const tell = (outcome: string, attempts = 1, units = noUnits) =>
      listener({ operation, outcome, seconds: (performance.now() - startedAt) / 1000, retries: attempts - 1, units })
    let answer: Answer
    try {
      answer = await next(kind === undefined ? call : { ...call, input: { ReturnConsumedCapacity: 'TOTAL', ...call.input } })
    } catch (error) {
      tell(errorName(error), (error as Partial<Answer>).$metadata?.attempts)
      throw error
    }
    const { $metadata, ConsumedCapacity: consumed } = answer as Answer & Consumption
    tell('ok', $metadata.attempts, kind === undefined ? noUnits : unitsOf(kind, Array.isArray(consumed) ? consumed : consumed && [consumed]))
    return answer
  })
}

const noUnits = { read: 0, write: 0 }

interface Consumption {
  /** One for each table in the answer of a batch or a transaction. */
  ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[]
}

/** By kind where the engine tells, else all of the kind that the operation is of. */
function unitsOf (kind: 'read' | 'write', consumed: ConsumedCapacity[] = []) {
  const units = { read: 0, write: 0 }
  for (const { CapacityUnits = 0, ReadCapacityUnits: read, WriteCapacityUnits: write } of consumed) {
    if (read === undefined && write === undefined) units[kind] += CapacityUnits
    units.read += read ?? 0
    units.write += write ?? 0
  }
  return units
}

/** Errors of the network have a code, those of DynamoDB a name. */
function errorName (error: unknown): string {
  const { name, code } = error as { name?: string, code?: unknown }
  return name === 'Error' && typeof code === 'string' ? code : name ?? 'Error'
}

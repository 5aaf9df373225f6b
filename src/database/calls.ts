import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb'

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
export function observeCalls (client: DynamoDBClient, listener: (call: DynamoDBCall) => void): void {
  client.middlewareStack.add((next, context) => async args => {
    const operation = String(context.commandName).replace(/Command$/, '')
    const kind = kinds[operation]
    const startedAt = performance.now()
    const tell = (outcome: string, attempts = 1, units = { read: 0, write: 0 }) =>
      listener({ operation, outcome, seconds: (performance.now() - startedAt) / 1000, retries: attempts - 1, units })
    const input = kind === undefined ? args.input : { ReturnConsumedCapacity: 'TOTAL', ...args.input } as typeof args.input
    let answer: Awaited<ReturnType<typeof next>>
    try {
      answer = await next({ ...args, input })
    } catch (error) {
      tell(errorName(error), (error as Partial<Answer>).$metadata?.attempts)
      throw error
    }
    const { $metadata, ConsumedCapacity: consumed } = answer.output as Answer
    tell('ok', $metadata.attempts, kind === undefined ? undefined : unitsOf(kind, [consumed ?? []].flat()))
    return answer
  }, { name: 'observeCalls', step: 'initialize' })
}

interface Answer {
  $metadata: { attempts?: number }
  /** One for each table in the answer of a batch or a transaction. */
  ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[]
}

/** By kind where the engine tells, else all of the kind that the operation is of. */
function unitsOf (kind: 'read' | 'write', consumed: ConsumedCapacity[]) {
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

import type { Test } from 'tap'
import { createDatabaseClient } from '../../src/database/client.js'
import type { DatabaseClient, Patience } from '../../src/database/database-client.js'

/** Both ways to DynamoDB. */
export const kinds = ['sdk', 'lean'] as const
export type Kind = typeof kinds[number]

const patient: Patience = { connect: 30_000, attempt: 30_000 }

/** A client of one kind for an endpoint, patient unless told otherwise. */
export function clientFor (t: Test, kind: Kind, endpoint: string, patience = patient): DatabaseClient {
  const client = createDatabaseClient({ DYNAMODB: endpoint, AWS_REGION: 'eu-central-1', DYNAMODB_CLIENT: kind }, patience)
  t.teardown(() => client.destroy())
  return client
}

/** What comes of a promise, in terms that can be compared: its value, or its error with what the server and its logs look at. */
export async function outcome (promise: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    return { value: await promise }
  } catch (error) {
    const { name, message, code, $fault, $metadata, Item, CancellationReasons } = error as Record<string, unknown> & { $metadata?: Record<string, unknown> }
    const { attempts, httpStatusCode, requestId } = $metadata ?? {}
    return { type: (error as Error).constructor.name, name, message, code, $fault, attempts, httpStatusCode, requestId, Item, CancellationReasons }
  }
}

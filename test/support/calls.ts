import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { intercept } from './faults.js'

const operations = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']

/** A meter of the calls that an app makes of its database: returns those of an action, by their operations, in order. */
export function databaseCalls (t: Test, app: Pick<FastifyInstance, 'dynamodb'>) {
  let calls: string[] = []
  for (const operation of operations) {
    intercept(t, app, operation, async attempt => {
      calls.push(operation)
      return await attempt()
    })
  }
  return async (action: () => Promise<unknown>): Promise<string[]> => {
    const own: string[] = calls = []
    await action()
    return own
  }
}

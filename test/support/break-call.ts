import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { cancelled, sdkFault } from './faults.js'

/** What goes wrong at one of the calls of the database: it isn't made, or its answer is lost, once or from then on. */
export const kinds = ['not made', 'answer lost', 'crash before', 'crash after', 'conflict'] as const
type Kind = typeof kinds[number]

/** Breaks the call `at` (from 0) of an app in some way; `mended` ends that. Returns how many calls there were. */
export function breakCall (t: Test, app: FastifyInstance, at: number, kind: Kind) {
  const state = { count: 0, mended: false }
  const remove = app.dynamodb.aroundAttempts(async (call, next) => {
    if (state.mended) return await next(call)
    const n = state.count++
    if (n < at) return await next(call)
    // No retry: the client takes it for its own mistake.
    const fault = sdkFault('ValidationException', 400)
    if (n > at) {
      if (kind.startsWith('crash')) throw fault
      return await next(call)
    }
    if (kind === 'conflict') {
      if (call.operation === 'TransactWriteItems') throw cancelled('TransactionConflict', 'None')
      if (call.operation.endsWith('Item') && call.operation !== 'GetItem') throw sdkFault('TransactionConflictException', 400)
      return await next(call)
    }
    if (kind === 'answer lost' || kind === 'crash after') await next(call)
    throw fault
  })
  t.teardown(remove)
  return Object.assign(state, { remove })
}

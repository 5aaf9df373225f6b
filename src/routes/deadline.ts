import type { FastifyInstance } from 'fastify'
import { databaseUnavailable } from '../database/faults.js'

/**
 * Has every route that is registered from here on answer in time: what takes longer gets a 503. Its work goes on; what comes
 * of it is told live, and to the retry with its Idempotency-Key.
 * @param deadline how long a handler may take, in ms
 */
export function answerInTime (app: FastifyInstance, deadline: number): void {
  app.addHook('onRoute', route => {
    const { handler } = route
    route.handler = async function (request, reply) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(databaseUnavailable(new Error(`There was no answer within ${deadline} ms`))), deadline)
      })
      try {
        return await Promise.race([handler.call(this, request, reply), late])
      } finally {
        clearTimeout(timer)
      }
    }
  })
}

import type { FastifyInstance } from 'fastify'
import { TestUser } from './helper.js'

/** Lets users write to each other, one in the order given to each after it and then back, so that each knows of all others. */
export async function acquaint (app: FastifyInstance, ...ids: string[]): Promise<void> {
  const pairs = ids.flatMap((first, n) => ids.slice(n + 1).map(second => [first, second] as const))
  for (const [first, second] of pairs) {
    for (const [from, to] of [[first, second], [second, first]] as const) {
      const { statusCode, body } = await new TestUser(app, from).say(to, 'hello')
      if (statusCode !== 201) throw new Error(`${from} could not write to ${to}: ${body}`)
    }
  }
}

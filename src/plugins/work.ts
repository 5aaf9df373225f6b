import fp from 'fastify-plugin'
import type { Write } from '../database/direct/direct-entity.js'
import type { WorkItem } from '../database/entities/work.js'
import type { Expiring } from '../work/expiry.js'
import type { Consumer } from '../work/relay.js'
import type { TimerKind } from '../work/timers.js'

declare module 'fastify' {
  interface FastifyInstance {
    work: {
      /** Who is told of messages besides their users. All are there before the server is ready. */
      consumers: Consumer[]
      /** How timers are handled, by their kinds. */
      kinds: Record<string, TimerKind>
      /** What others have to write when the parties of an offer are reminded of its expiry. */
      notices: Array<(expiring: Expiring) => Promise<Write[]>>
      /** Has a timer that was made, and is due soon, handled here in time; elsewhere it is found within seconds. */
      wake: (item: WorkItem) => void
      /** How much is due and since when, in ms since the epoch, as last seen; undefined where this instance doesn't look. */
      backlog: () => { due: number, oldest: number } | undefined
    }
  }
}

/** Where those register who are told of what happens, and who do what is due. */
export default fp(async app => {
  app.decorate('work', { consumers: [], kinds: {}, notices: [], wake: () => {}, backlog: () => undefined })
}, { name: 'work' })

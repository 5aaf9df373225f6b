import fp from 'fastify-plugin'
import { measureWork } from '../observability/metrics/work.js'
import { expireKind } from '../services/trading/expiry-timers.js'
import { Claims } from '../work/claims.js'
import { createExpiryHandler } from '../work/expiry.js'
import { Relay } from '../work/relay.js'
import { WorkTally } from '../work/tally.js'
import { Worker } from '../work/worker.js'

/** How many offers that have run out are recorded at once: they tend to run out together, at the full hour. */
const expiriesAtOnce = 16

/** Does what is due and tells what is marked, unless that is left to other instances. */
export default fp(async app => {
  const { clock, entities: { direct }, happenings, log, work } = app
  if (app.config.WORKER === 'off') return

  const { tell } = happenings
  const notices: Parameters<typeof createExpiryHandler>[0]['notices'] = async expiring =>
    (await Promise.all(work.notices.map(notice => notice(expiring)))).flat()
  work.kinds[expireKind] = {
    handle: createExpiryHandler({ direct, recordExpiry: app.services.recordExpiry, tell, clock, notices }), concurrency: expiriesAtOnce
  }
  const claims = new Claims(direct, clock)
  const relay = new Relay(direct, claims, clock, work.consumers)
  const tally = new WorkTally()
  const worker = new Worker({ direct, claims, relay, kinds: work.kinds, clock, log, tally })
  measureWork(app.metrics, { worker, tally, clock })
  work.wake = item => worker.wake(item)
  work.backlog = () => worker.backlog
  happenings.listen(happening => {
    if (happening.type === 'message' && relay.wants(happening.message)) worker.signal(happening.message.conversationId)
  })
  app.addHook('onListen', async () => worker.start())
  app.addHook('onClose', async () => await worker.close())
}, { name: 'worker', dependencies: ['config', 'metrics', 'dynamodb', 'services', 'work'] })

import fp from 'fastify-plugin'
import { createCondemn } from '../services/attachments/condemn.js'
import { discardKind } from '../services/attachments/discard-timers.js'
import { createInspections, inspectNothing, type Inspections } from '../services/attachments/inspections.js'
import { createScan, type ScanOptions } from '../services/attachments/scan.js'
import { createDiscardHandler } from '../work/discard.js'

declare module 'fastify' {
  interface FastifyInstance {
    inspections: Inspections
  }
}

/** How many objects are removed at once here. */
const discardsAtOnce = 4

/** Attachments are looked at for malware: those who moderate are told by webhooks. */
export default fp<{ scan?: ScanOptions }>(async (app, { scan: options }) => {
  const { attachmentMeters: { verdict: note }, clock, config: { ATTACHMENT_SCAN: setting }, entities: { direct }, log, storage, webhooks: { notify }, work } = app
  // Also where nothing is stored any more: what was to go goes from the list.
  work.kinds[discardKind] = { handle: createDiscardHandler(storage), concurrency: discardsAtOnce }
  if (storage === undefined) {
    app.decorate('inspections', inspectNothing)
    return
  }
  const ending = new AbortController()
  app.addHook('onClose', async () => ending.abort())
  const scan = createScan(setting, storage, { note, log, ending: ending.signal }, options)
  const condemn = createCondemn({ direct, notify, wake: item => work.wake(item), clock, log })
  app.decorate('inspections', createInspections(setting, { direct, scan, condemn }))
}, { name: 'scanning', dependencies: ['config', 'attachment-meters', 'dynamodb', 'storage', 'webhooks', 'work'] })

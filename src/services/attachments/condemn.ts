import type { FastifyBaseLogger } from 'fastify'
import type { Direct } from '../../database/direct/index.js'
import type { AttachmentItem } from '../../database/entities/attachment.js'
import type { WorkItem } from '../../database/entities/work.js'
import { databaseUnavailable } from '../../database/faults.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import { infectedEvent } from '../webhooks/events.js'
import type { Notify } from '../webhooks/notify.js'
import { discardTimer } from './discard-timers.js'

/** How long one is kept that no message has, in ms: as long as events about it can be sent again. */
const keptFor = 30 * 24 * 60 * 60 * 1000

/**
 * Marks an attachment as infected; whoever may have it gets attachment_unavailable from then on. Together with that it is written down that
 * its bytes are to go and that moderators are to be told: both happen, whatever crashes. One that is infected already, or erased, stays as it is.
 * Costs 2 WCU for it, 2 for its bytes and 2 for each endpoint that is told.
 * @param attachment as it is, or was
 * @throws ProblemError database_unavailable
 */
export type Condemn = (attachment: AttachmentItem) => Promise<void>

/** @param options.wake has a timer handled here in time */
export function createCondemn ({ direct, notify, wake, clock, log }: {
  direct: Direct, notify: Notify, wake: (item: WorkItem) => void, clock: Clock, log: FastifyBaseLogger
}): Condemn {
  return async attachment => {
    const { attachmentId } = attachment
    let item: AttachmentItem | undefined = attachment
    for await (const _ of attempts()) {
      if (item === undefined || item.state === 'infected' || item.state === 'erased') return
      const now = clock.now()
      const timers = [discardTimer(attachmentId, now), ...await notify(infectedEvent(item, now))]
      const ttl = item.state === 'pending' ? { ttl: Math.ceil((now + keptFor) / 1000) } : {}
      const refusals = await direct.transact([
        direct.attachment.update({ attachmentId }, { state: 'infected', verdict: 'infected', ...ttl }, { equal: { state: item.state } }),
        ...timers.map(timer => direct.work.put(timer))
      ])
      if (refusals === undefined) {
        log.warn({ attachmentId, state: item.state }, 'an attachment is infected')
        for (const timer of timers) wake(timer)
        return
      }
      if (refusals[0]?.code === 'ConditionalCheckFailed') item = await direct.attachment.get({ attachmentId }, { consistent: true })
    }
    throw databaseUnavailable()
  }
}

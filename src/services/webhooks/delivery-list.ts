import type { Delivery, DeliveryPage, ListDeliveriesQuery } from '../../../schemas/delivery.js'
import type { Direct } from '../../database/direct/index.js'
import type { DeliveryItem } from '../../database/entities/delivery.js'
import type { EndpointKey } from '../../database/entities/endpoint.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import { ProblemError, ruleBroken } from '../../wire/problem-error.js'
import { showTime } from './endpoint-views.js'

/** Beyond every event. */
export const lastKey = { eventAt: 999_999_999_999_999, eventId: '~' }
export const firstId = ''

/** How many deliveries a filtered page looks at: some 4 KB hold ten. */
const maxRead = 1000
const step = 100

/**
 * What became of events for an endpoint, newest first.
 * @throws ProblemError endpoint_not_found, invalid_page_token, validation_failed
 */
export type ListDeliveries = (key: EndpointKey, query: ListDeliveriesQuery) => Promise<DeliveryPage>

export function createListDeliveries ({ direct, pageTokens }: { direct: Direct, pageTokens: PageTokens }): ListDeliveries {
  return async ({ integrationId, endpointId }, { state, since, limit = 20, pageToken }) => {
    const from = since === undefined ? 0 : readTime(since, '/since', 'querystring')
    if (await direct.endpoint.get({ integrationId, endpointId }, { consistent: true }) === undefined) throw new ProblemError('endpoint_not_found')
    const scope = [integrationId, 'deliveries', endpointId, state, since]
    let place = pageToken === undefined ? lastKey : pageTokens.read<typeof lastKey>(scope, pageToken)
    const found: DeliveryItem[] = []
    for (let read = 0; ;) {
      // What it begins with was there before.
      const { items, more } = await direct.delivery.between({ endpointId, eventAt: from, eventId: firstId }, { endpointId, ...place }, {
        limit: (state === undefined ? limit - found.length : step) + 1, order: 'desc', consistent: false
      })
      let taken = 0
      for (const item of items) {
        taken++
        if (item.eventAt === place.eventAt && item.eventId === place.eventId) continue
        if (state === undefined || item.state === state) found.push(item)
        if (found.length === limit) break
      }
      const last = items[taken - 1]
      if (last !== undefined) place = { eventAt: last.eventAt, eventId: last.eventId }
      read += items.length
      const isEnd = last === undefined || (!more && taken === items.length)
      if (isEnd || found.length === limit || read >= maxRead) {
        return { deliveries: found.map(showDelivery), nextPageToken: isEnd ? null : pageTokens.issue(scope, place) }
      }
    }
  }
}

/** A time as a client writes it, in ms since the epoch. @throws ProblemError validation_failed for a leap second, and an offset in hours alone */
export function readTime (text: string, path: string, part: 'body' | 'querystring'): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw ruleBroken(part, path, 'time')
  return Math.max(0, at)
}

function showDelivery ({ eventId, eventType, eventAt, conversationId, seq, state, attempts, lastStatus, lastFault, nextAt }: DeliveryItem): Delivery {
  return {
    eventId,
    type: eventType as Delivery['type'],
    timestamp: new Date(eventAt).toISOString(),
    conversationId,
    seq,
    state,
    attempts,
    lastStatus: lastStatus ?? null,
    lastFault: (lastFault ?? null) as Delivery['lastFault'],
    nextAttemptAt: showTime(nextAt)
  }
}

import type { Endpoint } from '../../../schemas/endpoint.js'
import type { EndpointItem } from '../../database/entities/endpoint.js'

/** An endpoint as its integration sees it. @param now ms since the epoch */
export function showEndpoint (item: EndpointItem, now: number): Endpoint {
  const { endpointId, url, events, description, state, reason, failingSince, createdAt } = item
  return {
    endpointId,
    url,
    events: events as Endpoint['events'],
    description,
    enabled: state === 'enabled',
    disabledReason: state === 'enabled' ? null : reason ?? 'asked',
    failingSince: showTime(failingSince),
    previousSecretUntil: showTime(previousUntil(item, now)),
    createdAt: new Date(createdAt).toISOString()
  }
}

/** Until when the secret before signs along; undefined where it doesn't. */
function previousUntil ({ previousUntil: until }: EndpointItem, now: number): number | undefined {
  return until !== undefined && now < until ? until : undefined
}

/** A time in ms since the epoch as it is shown. */
export function showTime (at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}

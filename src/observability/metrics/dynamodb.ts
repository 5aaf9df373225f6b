import type { Registry } from 'prom-client'
import { observeCalls } from '../../database/calls.js'
import type { DatabaseClient } from '../../database/database-client.js'
import { SeriesCounter } from './series-counter.js'
import { SeriesHistogram } from './series-histogram.js'

/** What the database is asked, how that ends, how long it takes and what it costs. */
export function measureDynamoDB (registry: Registry, client: DatabaseClient): void {
  const calls = new SeriesCounter({
    name: 'equilux_dynamodb_calls_total',
    help: 'Calls of DynamoDB by outcome: ok, or the name of the error',
    labelNames: ['operation', 'outcome'],
    registry
  })
  const retries = new SeriesCounter({
    name: 'equilux_dynamodb_retries_total',
    help: 'Attempts at calls of DynamoDB after the first one',
    labelNames: ['operation'],
    registry
  })
  const units = new SeriesCounter({
    name: 'equilux_dynamodb_request_units_total',
    help: 'Request units consumed by calls that succeeded, of items and of indexes',
    labelNames: ['operation', 'kind'],
    registry
  })
  const durations = new SeriesHistogram({
    name: 'equilux_dynamodb_call_duration_seconds',
    help: 'Duration of calls of DynamoDB with all their attempts',
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registry
  })

  observeCalls(client, ({ operation, outcome, seconds, retries: count, units: { read, write } }) => {
    calls.add(`${operation} ${outcome}`, () => ({ operation, outcome }))
    retries.add(operation, () => ({ operation }), count)
    durations.observe(operation, () => ({ operation }), seconds)
    if (read > 0) units.add(`${operation} read`, () => ({ operation, kind: 'read' }), read)
    if (write > 0) units.add(`${operation} write`, () => ({ operation, kind: 'write' }), write)
  })
}

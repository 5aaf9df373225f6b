import { Counter, Histogram, type Registry } from 'prom-client'
import { observeCalls } from '../../database/calls.js'
import type { DatabaseClient } from '../../database/database-client.js'

/** What the database is asked, how that ends, how long it takes and what it costs. */
export function measureDynamoDB (registry: Registry, client: DatabaseClient): void {
  const registers = [registry]
  const calls = new Counter({
    name: 'equilux_dynamodb_calls_total',
    help: 'Calls of DynamoDB by outcome: ok, or the name of the error',
    labelNames: ['operation', 'outcome'],
    registers
  })
  const retries = new Counter({
    name: 'equilux_dynamodb_retries_total',
    help: 'Attempts at calls of DynamoDB after the first one',
    labelNames: ['operation'],
    registers
  })
  const units = new Counter({
    name: 'equilux_dynamodb_request_units_total',
    help: 'Request units consumed by calls that succeeded, of items and of indexes',
    labelNames: ['operation', 'kind'],
    registers
  })
  const durations = new Histogram({
    name: 'equilux_dynamodb_call_duration_seconds',
    help: 'Duration of calls of DynamoDB with all their attempts',
    labelNames: ['operation'],
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers
  })

  observeCalls(client, ({ operation, outcome, seconds, retries: count, units: { read, write } }) => {
    calls.inc({ operation, outcome })
    retries.inc({ operation }, count)
    durations.observe({ operation }, seconds)
    if (read > 0) units.inc({ operation, kind: 'read' }, read)
    if (write > 0) units.inc({ operation, kind: 'write' }, write)
  })
}

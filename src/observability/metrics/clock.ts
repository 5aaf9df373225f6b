import { Gauge, type Registry } from 'prom-client'
import type { DatabaseClock } from '../../database/clock.js'

/** How far this machine's clock is from the database's. */
export function measureClock (registry: Registry, clock: DatabaseClock): void {
  // eslint-disable-next-line no-new
  new Gauge({
    name: 'equilux_clock_skew_seconds',
    help: 'By how much at least the machine\'s clock is ahead of the database\'s; negative if it is behind',
    registers: [registry],
    collect () { this.set(clock.ahead / 1000) }
  })
}

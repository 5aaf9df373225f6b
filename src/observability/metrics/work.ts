import { Counter, Gauge, type Registry } from 'prom-client'
import type { Clock } from '../../shared/clock.js'
import type { WorkTally } from '../../work/tally.js'
import type { Worker } from '../../work/worker.js'

/** What is due, since when, and what was done. It is read when somebody asks. */
export function measureWork (registry: Registry, { worker, tally, clock }: { worker: Worker, tally: WorkTally, clock: Clock }): void {
  const registers = [registry]

  function gauge (name: string, help: string, read: () => number) {
    return new Gauge({ name, help, registers, collect () { this.set(read()) } })
  }

  gauge('equilux_work_due', 'Items of work that were due in the whole installation when this instance looked the last time', () => worker.backlog.due)
  gauge('equilux_work_oldest_seconds', 'For how long the oldest of them has been due', () => Math.max(0, (clock.now() - worker.backlog.oldest) / 1000))
  registry.registerMetric(new Counter({
    name: 'equilux_work_handled_total',
    help: 'Items of work handled by this instance, by kind: told are marks, whose messages were told; failed ones are tried again',
    labelNames: ['kind', 'outcome'],
    registers: [],
    collect () {
      this.reset()
      for (const { kind, outcome, count } of tally) this.inc({ kind, outcome }, count)
    }
  }))
}

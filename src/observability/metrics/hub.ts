import { Counter, Gauge, type Registry } from 'prom-client'
import type { BackPlane, BackPlaneHealth } from '../../hub/back-plane.js'
import type { Hub } from '../../hub/hub.js'
import { transports, type Counts } from '../../hub/tally.js'
import type { Typing } from '../../live/typing.js'

const states: readonly BackPlaneHealth[] = ['ok', 'away', 'off']

/** The live connections and what serves them. All of it is read when somebody asks: the hub does no more than count. */
export function measureHub (registry: Registry, { hub, typing, backPlane }: { hub: Hub, typing: Typing, backPlane: BackPlane }): void {
  const registers = [registry]
  const { tally } = hub

  function gauge (name: string, help: string, read: () => number) {
    return new Gauge({ name, help, registers, collect () { this.set(read()) } })
  }

  function counter (name: string, help: string, label: string, counts: Counts) {
    return new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect () {
        this.reset()
        for (const [value, count] of counts) this.inc({ [label]: value }, count)
      }
    })
  }

  registry.registerMetric(new Gauge({
    name: 'equilux_live_connections',
    help: 'Live connections to this instance, authenticated or not yet',
    labelNames: ['transport'],
    registers: [],
    collect () {
      for (const transport of transports) this.set({ transport }, 0)
      for (const { transport } of hub.outlets) this.inc({ transport })
    }
  }))
  gauge('equilux_users_online', 'Users with a live connection to this instance', () => hub.size.users)
  counter('equilux_connections_opened_total', 'Live connections opened', 'transport', tally.opened)
  counter('equilux_connections_closed_total',
    'Live connections ended, by the reason of the close code; stream_limit: a stream lasted its time; client: by the other side', 'reason', tally.closed)

  counter('equilux_events_delivered_total', 'Events given to live connections, those of catch-ups among them', 'type', tally.delivered)
  counter('equilux_events_dropped_total', 'Events that slow live connections went without', 'type', tally.dropped)
  registry.registerMetric(new Counter({
    name: 'equilux_messages_replayed_total',
    help: 'Messages that catch-ups sent',
    registers: [],
    collect () {
      this.reset()
      this.inc(tally.replayed)
    }
  }))
  gauge('equilux_catch_ups_in_progress', 'Catch-ups in progress', () => tally.catchingUp)
  gauge('equilux_unsent_bytes', 'Bytes that wait to be sent to live connections', () =>
    [...hub.outlets].reduce((sum, { waiting }) => sum + waiting, 0))
  gauge('equilux_unsent_bytes_max', 'Bytes that wait to be sent to the live connection with the most of them', () =>
    [...hub.outlets].reduce((most, { waiting }) => Math.max(most, waiting), 0))

  gauge('equilux_typing_pairs', 'Pairs of users remembered because one types to the other, or just did', () => typing.size)
  gauge('equilux_redis_channels', 'Redis channels subscribed to', () => backPlane.channels)
  registry.registerMetric(new Gauge({
    name: 'equilux_back_plane_state',
    help: 'Whether the events of other instances come: 1 for what holds of ok, away (Redis can\'t be reached) and off (no Redis is configured)',
    labelNames: ['state'],
    registers: [],
    collect () {
      for (const state of states) this.set({ state }, backPlane.health === state ? 1 : 0)
    }
  }))
}

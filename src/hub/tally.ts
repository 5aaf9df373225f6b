import type { ServerEvent } from '../../schemas/events.js'
import { closeCodes, standardCloseCodes, type CloseReason } from '../wire/close-codes.js'
import { droppable } from '../wire/encoded-event.js'

export const transports = ['websocket', 'sse'] as const

/** What carries a live connection. */
export type Transport = typeof transports[number]

/**
 * Why a connection ended: by one of the close codes, because a stream had lasted its time (`stream_limit`), or by the
 * client or the network (`client`).
 */
export type EndReason = CloseReason | keyof typeof standardCloseCodes | 'stream_limit' | 'client'

const endReasons = [...Object.keys(closeCodes), ...Object.keys(standardCloseCodes), 'stream_limit', 'client']
const eventTypes: ReadonlyArray<ServerEvent['type']> = ['newMessage', 'tradeResponse', 'tradeExpiring', 'typing', 'stopTyping', 'read', 'presence']

/** Counts by name, of known names from zero on. */
export class Counts extends Map<string, number> {
  constructor (names: readonly string[]) {
    super(names.map(name => [name, 0]))
  }

  add (name: string): void {
    this.set(name, (this.get(name) ?? 0) + 1)
  }
}

/** What happened to the live connections of this process since it started, for whoever asks. */
export class Tally {
  readonly opened = new Counts(transports)
  /** By EndReason. */
  readonly closed = new Counts(endReasons)
  /** Events given to connections, by type; those of catch-ups are among them. */
  readonly delivered = new Counts(eventTypes)
  /** Events that slow connections went without, by type. */
  readonly dropped = new Counts([...droppable])
  /** Messages that catch-ups sent. */
  replayed = 0
  /** Catch-ups in progress. */
  catchingUp = 0
}

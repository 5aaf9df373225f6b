import type { Write } from '../database/direct/direct-entity.js'

/** Something that is due at a time. */
export interface Timer {
  kind: string
  subject: string
  /** ms since the epoch. */
  dueAt: number
  /** How often it has failed since it was made, or as its handler says. */
  attempt: number
  data: Readonly<Record<string, unknown>>
}

/**
 * What comes of a timer: it is done and goes, or it is due again at a time (ms since the epoch). The writes are made together with that;
 * where one of them is refused the handler is called again at once.
 */
export type Outcome =
  | { done: true, writes?: readonly Write[] }
  | { again: number, attempt?: number, data?: Record<string, unknown>, writes?: readonly Write[] }

/**
 * Does what is due. It may be called again for the same timer, also after its effect took place; after an error it comes again
 * after a pause. A claim lasts 60 s: it returns well before.
 * @param ending is aborted when the process ends: what can be left to another one is
 */
export type TimerHandler = (timer: Timer, ending: AbortSignal) => Promise<Outcome>

/** How timers of a kind are handled. */
export interface TimerKind {
  handle: TimerHandler
  /** How many are handled at once here. */
  concurrency: number
  /** Where some must not take the room of others: to which group one belongs, and how many of a group are handled at once. */
  groups?: { of: (timer: Timer) => string, concurrency: (group: string) => number }
}

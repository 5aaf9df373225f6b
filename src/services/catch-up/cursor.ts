import { ProblemError } from '../../wire/problem-error.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import type { Stop } from './active-conversations.js'

/**
 * How long it may take, in milliseconds, from the time that a message bears until everybody can see it: a commit takes up
 * to 3 s, clocks differ, and indexes follow the table with a delay.
 */
export const settleTime = 10_000

/** The `seq` up to which conversations have been seen, by id. */
export type Seen = Record<string, number>

/**
 * What a client has seen: everything that bears a time up to `at`, less what may have settled since; in the conversations
 * of `seen` everything up to that `seq`, for certain. Those are the ones that were active around `at`.
 */
export interface Cursor {
  /** ms since the epoch. */
  at: number
  seen: Seen
  /** For a catch-up that goes on. */
  visit?: Visit
}

/** Where a catch-up is: it visits one conversation after another, in the order of the user's index. */
export interface Visit extends Stop {
  /** When it began: the `at` of the cursor that it will end with. */
  began: number
  /** Up to where it has come in the conversation. */
  seq: number
  /** The `seen` of the cursor that it will end with. */
  seen: Seen
}

/**
 * How many conversations a cursor names at most, and in how many characters, for cursors go into headers: of a burst over
 * more, some is sent twice rather than lost.
 */
const maxSeen = 16
const maxSeenLength = 2000

/** The newest entries of what was seen around a time, as many as a cursor has room for. */
export function recentSeen (entries: Iterable<readonly [conversationId: string, at: { seq: number, at: number }]>, at: number): Seen {
  const recent: Array<[conversationId: string, seq: number, at: number]> = []
  for (const [conversationId, entry] of entries) {
    if (entry.at > at - settleTime) recent.push([conversationId, entry.seq, entry.at])
  }
  if (recent.length > 1) recent.sort(([, , a], [, , b]) => b - a)
  return bounded(recent)
}

/** Most connections begin with it, and keep it. */
const nothing: Seen = Object.freeze({})

/** As many of the first entries as a cursor has room for. */
function bounded (entries: ReadonlyArray<readonly [conversationId: string, seq: number, ...rest: unknown[]]>): Seen {
  if (entries.length === 0) return nothing
  const seen: Seen = {}
  let length = 0
  for (const [conversationId, seq] of entries.slice(0, maxSeen)) {
    length += conversationId.length
    if (length <= maxSeenLength) seen[conversationId] = seq
  }
  return seen
}

/** Cursors as clients hold them: signed, and good for their user only. */
export interface Cursors {
  issue: (userId: string, cursor: Cursor) => string
  /** @throws ProblemError invalid_cursor */
  read: (userId: string, token: string) => Cursor
}

export function createCursors (pageTokens: PageTokens): Cursors {
  // The devices of a user are told of an event one after another, and have mostly seen the same.
  let last: { userId: string, cursor: Cursor, token: string } | undefined

  return {
    issue (userId, cursor) {
      if (last !== undefined && last.userId === userId && claimTheSame(last.cursor, cursor)) return last.token
      const token = pageTokens.issue([userId, 'cursor'], { ...cursor, seen: bounded(Object.entries(cursor.seen)) })
      last = { userId, cursor, token }
      return token
    },

    read (userId, token) {
      try {
        return pageTokens.read<Cursor>([userId, 'cursor'], token)
      } catch (cause) {
        throw new ProblemError('invalid_cursor', undefined, { cause })
      }
    }
  }
}

function claimTheSame (one: Cursor, other: Cursor): boolean {
  if (one.at !== other.at || one.visit !== undefined || other.visit !== undefined) return false
  let count = 0
  for (const conversationId in one.seen) {
    if (other.seen[conversationId] !== one.seen[conversationId]) return false
    count++
  }
  return count === Object.keys(other.seen).length
}

/** Follows what is delivered to a user live, so that every event can carry a cursor. */
export class SeenTracker {
  /** The oldest comes first. Most connections never need it. */
  #recent: Map<string, { seq: number, at: number }> | undefined
  #at: number

  /** @param start what was seen before the first event */
  constructor (start: Cursor) {
    this.#at = start.at
    for (const [conversationId, seq] of Object.entries(start.seen)) (this.#recent ??= new Map()).set(conversationId, { seq, at: start.at })
  }

  /** Notes a message. @param at its time, in ms since the epoch */
  note (conversationId: string, seq: number, at: number): void {
    // A message from a clock that is ahead says nothing of what others bear until then.
    this.#at = Math.max(this.#at, Math.min(at, Date.now()))
    const recent = this.#recent ??= new Map()
    const before = recent.get(conversationId)
    // Mostly it is the only one.
    if (recent.size > 1) recent.delete(conversationId)
    recent.set(conversationId, { seq: Math.max(seq, before?.seq ?? 0), at })
    if (recent.size === 1) return
    for (const [id, entry] of recent) {
      if (entry.at > this.#at - settleTime) break
      recent.delete(id)
    }
  }

  get cursor (): Cursor {
    return { at: this.#at, seen: recentSeen(this.#recent ?? [], this.#at) }
  }
}

import type { Entry } from 'equilux-chat-client/store'
import { dayOf } from './day.js'

/** What a thread shows under each other. */
export type Row = DayRow | UnreadRow | EntryRow

export interface DayRow { readonly kind: 'day', readonly key: string, readonly at: string }
export interface UnreadRow { readonly kind: 'unread', readonly key: string }
/** `isFirst` and `isLast` of what one side has said in one go. */
export interface EntryRow { readonly kind: 'entry', readonly key: string, readonly entry: Entry, readonly isFirst: boolean, readonly isLast: boolean }

/** After such a pause something new is being said, in ms. */
const pause = 300_000

/**
 * The rows of a thread: its entries, with the days between them and a line above what was unread.
 * @param readSeq up to where everything had been read when the thread was opened, if not all of it was
 */
export function rowsOf (entries: readonly Entry[], timeZone: string, readSeq?: number): Row[] {
  const rows: Row[] = []
  let [previous, day, isDivided]: [Entry | undefined, string, boolean] = [undefined, '', readSeq === undefined]
  for (const [index, entry] of entries.entries()) {
    const next = entries[index + 1]
    const { timestamp, seq } = entry.message
    const today = dayOf(timestamp, timeZone)
    const isNewDay = today !== day
    const isUnread = !isDivided && !entry.isOwn && seq !== undefined && seq > (readSeq ?? 0)
    if (isNewDay) rows.push({ kind: 'day', key: `day ${today}`, at: timestamp })
    if (isUnread) rows.push({ kind: 'unread', key: 'unread' })
    const isFirst = isNewDay || isUnread || previous === undefined || !goesOn(previous, entry)
    // The line of what is unread comes once, and before one of the other's: it breaks up nothing of the user's own.
    const endsHere = next === undefined || !goesOn(entry, next) || dayOf(next.message.timestamp, timeZone) !== today
    const isLast = endsHere || (!isDivided && !isUnread && !next.isOwn && (next.message.seq ?? 0) > (readSeq ?? 0))
    rows.push({ kind: 'entry', key: entry.key, entry, isFirst, isLast })
    isDivided ||= isUnread
    previous = entry
    day = today
  }
  return rows
}

/** The seq of the last message at or before a row. */
export function seqAt (rows: readonly Row[], index: number): number | undefined {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at--) {
    const row = rows[at]
    if (row?.kind === 'entry' && row.entry.message.seq !== undefined) return row.entry.message.seq
  }
  return undefined
}

/** How many messages of the other user come after a position. */
export function countAfter (entries: readonly Entry[], seq: number): number {
  let count = 0
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at]
    if (entry?.message.seq !== undefined && entry.message.seq <= seq) break
    if (entry?.isOwn === false) count++
  }
  return count
}

/** Whether an entry goes on with what the one before said. */
function goesOn (before: Entry, entry: Entry): boolean {
  return before.isOwn === entry.isOwn && before.message.messageType === 'text' && entry.message.messageType === 'text' &&
    Date.parse(entry.message.timestamp) - Date.parse(before.message.timestamp) < pause
}

/** Whether rows were added before those that were there: then the place is kept by what is below it. */
export function isPrepended (before: readonly Row[], after: readonly Row[]): boolean {
  const index = before.findIndex(({ kind }) => kind === 'entry')
  const key = before[index]?.key
  return key !== undefined && after.findIndex(row => row.key === key) > index
}

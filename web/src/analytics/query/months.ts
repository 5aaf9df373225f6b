/** The month (UTC) of a time, as `2026-11`. @param at ms since the epoch */
export function monthOf (at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

/** Months to choose from, the latest first: the next, this one, and those of a year before; and whichever else is chosen. */
export function monthsAround (now: number, chosen: string): string[] {
  const date = new Date(now)
  const months = Array.from({ length: 14 }, (_, before) => monthOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1 - before)))
  return months.includes(chosen) ? months : [...months, chosen].sort().reverse()
}

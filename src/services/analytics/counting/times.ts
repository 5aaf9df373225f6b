import type { MarketGranularity } from '../../../../schemas/market.js'

/** How long intervals are, in ms. All of them begin at the epoch, and so at full hours (UTC). */
const lengths = { quarterHour: 900_000, hour: 3_600_000, day: 86_400_000 }

/** When the quarter hour begins that a time is in; both in ms since the epoch. */
export function quarterHourOf (at: number): number {
  return at - at % lengths.quarterHour
}

/** When the cell of the market begins that a time is in; both in ms since the epoch. */
export function cellOf (at: number, granularity: MarketGranularity): number {
  return at - at % lengths[granularity]
}

/** The day (`2026-11-22`, UTC) of a time in ms since the epoch. */
export function dayOf (at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** The month (`2026-11`, UTC) of a time in ms since the epoch. */
export function monthOf (at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

import type { MarketGranularity } from '../../../schemas/market.js'

export const quarterHour = 15 * 60 * 1000
export const hour = 4 * quarterHour
export const day = 24 * hour

/** How long the cells of the market are, in ms. All of them begin at the epoch, and so at full hours (UTC). */
export const cellLengths: Record<MarketGranularity, number> = { hour, day }

/** When the quarter hour begins that a time is in; both in ms since the epoch. */
export function quarterHourOf (at: number): number {
  return at - at % quarterHour
}

/** When the cell of the market begins that a time is in; both in ms since the epoch. */
export function cellOf (at: number, granularity: MarketGranularity): number {
  return at - at % cellLengths[granularity]
}

/** The day (`2026-11-22`, UTC) of a time in ms since the epoch. */
export function dayOf (at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** The month (`2026-11`, UTC) of a time in ms since the epoch. */
export function monthOf (at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

import type { Profile, Reading } from './read-profile.js'

export interface Summary {
  readonly first: Reading
  readonly last: Reading
  /** The highest of them. */
  readonly peak: Reading
  /** All energy, in kWh; undefined where the file doesn't say what it counts or how long an interval is. */
  readonly energy?: number
}

/** What a profile comes to; undefined for an empty one. */
export function summaryOf ({ readings, unit, step }: Profile): Summary | undefined {
  const [first, last] = [readings[0], readings.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const peak = readings.reduce((peak, reading) => reading.value > peak.value ? reading : peak)
  const sum = readings.reduce((sum, { value }) => sum + value, 0)
  const hours = unit === 'kWh' ? 1 : unit === 'kW' && step !== undefined ? step / 60 : undefined
  return { first, last, peak, ...hours !== undefined && { energy: sum * hours } }
}

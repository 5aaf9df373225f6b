import { cellsOf } from './cells.js'
import { numberOf, pointOf } from './numbers.js'
import { isClock, isDay, minutesOf, stepOf } from './times.js'

/** What numbers count, by what a header says. */
export type Unit = 'kWh' | 'kW'

export interface Reading {
  /** When, as the file says it. */
  readonly at: string
  /** In the profile's unit. */
  readonly value: number
}

/** Energy or power over time. */
export interface Profile {
  readonly readings: readonly Reading[]
  /** Undefined where the file doesn't say. */
  readonly unit?: Unit
  /** How long an interval is, in minutes, if that can be told. */
  readonly step?: number
}

/** What isn't a time with a number may be the header, a sum, or a gap; with more of it a file is something else. */
const goodShare = 0.9
/** Two years of quarter hours: what has more is no profile to look at in a chat. */
const maxReadings = 70_176

const factors: Readonly<Record<string, { unit: Unit, factor: number }>> = {
  wh: { unit: 'kWh', factor: 0.001 },
  kwh: { unit: 'kWh', factor: 1 },
  mwh: { unit: 'kWh', factor: 1000 },
  w: { unit: 'kW', factor: 0.001 },
  kw: { unit: 'kW', factor: 1 },
  mw: { unit: 'kW', factor: 1000 }
}

/**
 * Reads a load profile: a column of times, or a day and a time, and the first column of numbers after it. `INTERVAL;ENERGY(kWh)` and what else meters
 * and programs write; with commas or points in numbers, a header or none, and times in many forms.
 * @returns undefined for a CSV of something else
 */
export function readProfile (csv: string): Profile | undefined {
  const lines = cellsOf(csv)
  const timed = lines.flatMap(cells => {
    const time = timeOf(cells)
    return time === undefined ? [] : [{ ...time, cells }]
  })
  if (timed.length < 2 || timed.length > maxReadings || timed.length < (lines.length - 1) * goodShare) return undefined
  const first = Math.max(...timed.slice(0, 10).map(({ width }) => width))
  const column = columnOf(timed.map(({ cells }) => cells), first)
  if (column === undefined) return undefined
  const point = pointOf(timed.map(({ cells }) => cells[column] ?? ''))
  const { unit, factor } = unitOf(lines[0] ?? [], column)
  const good = timed.flatMap(({ at, minutes, cells }) => {
    const value = numberOf(cells[column] ?? '', point)
    return value === undefined ? [] : [{ at, minutes, value: value * factor }]
  })
  return { readings: good.map(({ at, value }) => ({ at, value })), unit, step: stepOf(good.map(({ minutes }) => minutes)) }
}

/** When a line is of, and how many cells say so. */
function timeOf ([one = '', other = '']: string[]): { at: string, minutes: number, width: number } | undefined {
  const isSplit = isDay(one) && isClock(other)
  const at = isSplit ? `${one} ${other}` : one
  const minutes = minutesOf(at)
  return minutes === undefined ? undefined : { at, minutes, width: isSplit ? 2 : 1 }
}

/** The first column that has numbers nearly everywhere. */
function columnOf (lines: readonly string[][], first: number): number | undefined {
  const width = Math.max(...lines.slice(0, 10).map(({ length }) => length))
  for (let column = first; column < width; column++) {
    const cells = lines.map(cells => cells[column] ?? '')
    const point = pointOf(cells)
    if (cells.filter(cell => numberOf(cell, point) !== undefined).length >= Math.max(2, cells.length * goodShare)) return column
  }
  return undefined
}

/** What the header says of a column: in its name, or else anywhere. */
function unitOf (header: readonly string[], column: number): { unit?: Unit, factor: number } {
  const found = [header[column] ?? '', header.join(' ')].map(name => /(?:^|[^a-z])([km]?wh?)(?:[^a-z]|$)/i.exec(name)?.[1]?.toLowerCase()).find(unit => unit !== undefined)
  return found === undefined ? { factor: 1 } : factors[found] ?? { factor: 1 }
}

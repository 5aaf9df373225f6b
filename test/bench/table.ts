import type { Sample } from './http.js'

/** A line of the report: the samples of a row at one subject. */
export interface Line {
  title: string
  target?: string
  samples: Sample[]
  /** The samples that its CPU is compared to. */
  floor: Sample[]
}

const columns = [7, 15, 7, 11, 7, 9, 8, 8, 9]

/** The lines as a table: medians and the range of CPU; CPU and requests a second as ratios to the floor's. */
export function table (lines: Line[]): string {
  const width = Math.max(...lines.map(({ title }) => title.length)) + 1
  const format = (title: string, cells: string[]) => title.padEnd(width) + cells.map((cell, n) => cell.padStart(columns[n]!)).join('')
  return [
    format('', ['CPU', 'range', 'ratio', 'target', 'per s', '× floor', 'p50 ms', 'p99 ms', 'p99/p50']),
    ...lines.map(({ title, target, samples, floor }) => {
      const cpus = samples.map(({ cpu }) => cpu).sort((one, other) => one - other)
      const [perSecond, p50, p99] = (['perSecond', 'p50', 'p99'] as const).map(name => median(samples.map(sample => sample[name])))
      return format(title, [
        fixed(median(cpus), 2), `${fixed(cpus[0], 2)}–${fixed(cpus.at(-1), 2)}`, fixed(divided(median(cpus), median(floor.map(({ cpu }) => cpu))), 2),
        target ?? '', fixed(perSecond, 0), fixed(divided(perSecond, median(floor.map(sample => sample.perSecond))), 2), fixed(p50, 1), fixed(p99, 1), fixed(divided(p99, p50), 1)
      ])
    })
  ].join('\n')
}

export function median (values: Array<number | undefined>): number | undefined {
  const known = values.filter(value => value !== undefined).sort((one, other) => one - other)
  const middle = (known.length - 1) / 2
  return known.length === 0 ? undefined : (known[Math.floor(middle)]! + known[Math.ceil(middle)]!) / 2
}

const divided = (one: number | undefined, other: number | undefined) => one === undefined || other === undefined ? undefined : one / other
const fixed = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? ''

import type { FastifyInstance } from 'fastify'

export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

/** A scrape: what it says of each metric, and its samples. */
export interface Scrape {
  help: Map<string, string>
  types: Map<string, string>
  samples: Sample[]
  /** The sum of the samples of a name with some labels; undefined if there is none. */
  value: (name: string, labels?: Record<string, string>) => number | undefined
}

const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"/
const sample = new RegExp(`^([a-zA-Z_:][\\w:]*)(?:\\{(${label.source}(?:,${label.source})*)\\})? (\\S+)$`)

/** Asks an app for its metrics. */
export async function scrape (app: FastifyInstance): Promise<Scrape> {
  const response = await app.inject('/metrics')
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} came`)
  return parse(response.body)
}

/** Parses Prometheus' text format, version 0.0.4, and accepts nothing else. */
export function parse (text: string): Scrape {
  const help = new Map<string, string>()
  const types = new Map<string, string>()
  const samples: Sample[] = []
  if (!text.endsWith('\n')) throw new Error('The last line doesn\'t end')
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, about, of, said] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (about !== undefined) {
      const known = about === 'HELP' ? help : types
      if (known.has(of!)) throw new Error(`Twice: ${line}`)
      known.set(of!, said!)
      continue
    }
    const parts = sample.exec(line)
    if (parts === null) throw new Error(`Not a sample: ${line}`)
    const labels = Object.fromEntries([...(parts[2] ?? '').matchAll(new RegExp(label, 'g'))].map(([, name, value]) => [name!, value!]))
    const value = Number(parts.at(-1)!.replace('Inf', 'Infinity'))
    if (Number.isNaN(value) && parts.at(-1) !== 'Nan') throw new Error(`Not a number: ${line}`)
    samples.push({ name: parts[1]!, labels, value })
  }
  return {
    help,
    types,
    samples,
    value (name, wanted = {}) {
      const found = samples.filter(({ name: of, labels }) =>
        of === name && Object.entries(wanted).every(([label, value]) => labels[label] === value))
      return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
    }
  }
}

/** The metric that a sample belongs to: a histogram's samples have names of their own. */
export function metricOf (name: string, types: Map<string, string>): string | undefined {
  if (types.has(name)) return name
  const base = name.replace(/_(?:bucket|sum|count)$/, '')
  return types.get(base) === 'histogram' ? base : undefined
}

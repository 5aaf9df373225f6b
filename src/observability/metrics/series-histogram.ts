import type { Metric, Registry } from 'prom-client'

type Labels = Readonly<Record<string, string | number>>

/** What was observed of one set of labels. */
class Series {
  /** How many values are in each bucket, without those before it; the last is that of values above all bounds. */
  readonly counts: number[]
  sum = 0

  constructor (readonly labels: Labels, private readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0)
  }

  observe (value: number): void {
    let bucket = 0
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket++
    this.counts[bucket]!++
    this.sum += value
  }
}

/**
 * A histogram in prom-client's registry, as its own is, but for what is measured in every request: labels aren't built, checked and
 * joined to a key for each value, which costs a request some 3 % of its time.
 */
export class SeriesHistogram {
  readonly name: string
  readonly help: string
  readonly #bounds: readonly number[]
  readonly #series = new Map<string, Series>()

  /** @param options.buckets their upper bounds in ascending order */
  constructor ({ name, help, buckets, registry }: { name: string, help: string, buckets: readonly number[], registry: Registry }) {
    this.name = name
    this.help = help
    this.#bounds = buckets
    // All that a registry does with a metric is to ask for what it holds.
    registry.registerMetric(this as unknown as Metric)
  }

  /**
   * @param key of the labels
   * @param labelsOf tells them where the key is new
   */
  observe (key: string, labelsOf: () => Labels, value: number): void {
    let series = this.#series.get(key)
    if (series === undefined) this.#series.set(key, series = new Series(labelsOf(), this.#bounds))
    series.observe(value)
  }

  get (): Promise<object> {
    return Promise.resolve({ name: this.name, help: this.help, type: 'histogram', aggregator: 'sum', values: [...this.#series.values()].flatMap(series => this.#valuesOf(series)) })
  }

  #valuesOf ({ labels, counts, sum }: Series) {
    let count = 0
    const buckets = counts.map((inBucket, n) => {
      count += inBucket
      return { metricName: `${this.name}_bucket`, labels: { le: this.#bounds[n] ?? '+Inf', ...labels }, value: count }
    })
    return [...buckets, { metricName: `${this.name}_sum`, labels, value: sum }, { metricName: `${this.name}_count`, labels, value: count }]
  }
}

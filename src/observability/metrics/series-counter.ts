import { Counter, type Registry } from 'prom-client'

type Labels = Record<string, string>

/** A counter of prom-client for what is counted in every request: labels aren't built, checked and sorted each time, but when it is scraped. */
export class SeriesCounter {
  readonly #counter: Counter
  /** What was counted since the last scrape. */
  readonly #counted = new Map<string, { labels: Labels, count: number }>()

  constructor ({ registry, ...options }: { name: string, help: string, labelNames: string[], registry: Registry }) {
    this.#counter = new Counter({ registers: [registry], collect: () => this.#collect(), ...options })
  }

  /**
   * @param key of the labels
   * @param labelsOf tells them where the key is new
   */
  add (key: string, labelsOf: () => Labels, count = 1): void {
    const known = this.#counted.get(key)
    if (known === undefined) this.#counted.set(key, { labels: labelsOf(), count })
    else known.count += count
  }

  #collect () {
    for (const counted of this.#counted.values()) {
      this.#counter.inc(counted.labels, counted.count)
      counted.count = 0
    }
  }
}

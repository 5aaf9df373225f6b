/** What became of something that was due. */
export type WorkOutcome = 'done' | 'failed'

/** Counts what is done. */
export class WorkTally {
  readonly #counts = new Map<string, number>()

  /** Counts a kind from 0 on. */
  expect (kind: string): void {
    for (const outcome of ['done', 'failed']) this.#counts.set(`${kind} ${outcome}`, 0)
  }

  handled (kind: string, outcome: WorkOutcome): void {
    const key = `${kind} ${outcome}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  * [Symbol.iterator] (): Generator<{ kind: string, outcome: string, count: number }> {
    for (const [key, count] of this.#counts) {
      const [kind = '', outcome = ''] = key.split(' ')
      yield { kind, outcome, count }
    }
  }
}

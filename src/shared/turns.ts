interface Waiter {
  go: () => void
  fail: (error: unknown) => void
}

/** Lets some tasks run at once; the others wait in line, and what else is ready comes between. */
export class Turns {
  #free: number
  readonly #waiting: Waiter[] = []

  /**
   * @param size how many run at once
   * @param concernsAll whether what a task failed with concerns those who wait as well: then they fail with it at once, so that their
   * time-outs don't add up
   */
  constructor (size: number, private readonly concernsAll: (error: unknown) => boolean) {
    this.#free = size
  }

  /** @throws what the task throws, or what concerns all */
  async run<Result> (task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve, reject) => this.#waiting.push({ go: resolve, fail: reject }))
    try {
      return await task()
    } catch (error) {
      if (this.concernsAll(error)) for (const { fail } of this.#waiting.splice(0)) fail(error)
      throw error
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else setImmediate(next.go)
    }
  }
}

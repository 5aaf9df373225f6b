const maxWaiting = 512

interface Waiter {
  go: () => void
  fail: (error: unknown) => void
}

/** Runs tasks of the same key one after another, so that writers of this process don't compete for the same item. */
export class SerialQueue {
  /** Those who wait behind the task that runs, by key. */
  readonly #lanes = new Map<string, Waiter[]>()

  /**
   * @param options.patience how long a task may wait for its turn, in milliseconds
   * @param options.busy makes the error of a task that can't have its turn: too many wait, or it waited too long
   * @param options.concernsAll whether what a task failed with concerns those who wait behind it as well: then they fail with
   * it at once, so that their time-outs don't add up
   */
  constructor (private readonly options: { patience: number, busy: () => Error, concernsAll: (error: unknown) => boolean }) {}

  /**
   * @param key what the task must have for itself
   * @param task gets when it began to wait, in ms of `performance.now()`
   * @returns the task's result
   * @throws what the task throws; the error of being busy; the fault of a task before it that concerns all
   */
  async run<Result> (key: string, task: (since: number) => Promise<Result>): Promise<Result> {
    const since = performance.now()
    let lane = this.#lanes.get(key)
    if (lane === undefined) this.#lanes.set(key, lane = [])
    else await this.#turn(lane)
    try {
      return await task(since)
    } catch (error) {
      if (this.options.concernsAll(error)) for (const { fail } of lane.splice(0)) fail(error)
      throw error
    } finally {
      const next = lane.shift()
      if (next === undefined) this.#lanes.delete(key)
      else next.go()
    }
  }

  async #turn (lane: Waiter[]): Promise<void> {
    if (lane.length >= maxWaiting) throw this.options.busy()
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        lane.splice(lane.indexOf(waiter), 1)
        reject(this.options.busy())
      }, this.options.patience)
      const waiter: Waiter = {
        go () {
          clearTimeout(timer)
          resolve()
        },
        fail (error) {
          clearTimeout(timer)
          reject(error)
        }
      }
      lane.push(waiter)
    })
  }
}

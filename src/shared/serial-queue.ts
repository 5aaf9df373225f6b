const maxWaiting = 512

interface Waiter<Carry> {
  go: (carried: Carry | undefined) => void
  fail: (error: unknown) => void
}

/**
 * Runs tasks of the same key one after another, so that writers of this process don't compete for the same item, and
 * hands each task what the one before it left behind.
 */
export class SerialQueue<Carry> {
  /** Those who wait behind the task that runs, by key. */
  readonly #lanes = new Map<string, Array<Waiter<Carry>>>()

  /**
   * @param options.patience how long a task may wait for its turn, in milliseconds
   * @param options.busy makes the error of a task that can't have its turn: too many wait, or it waited too long
   * @param options.concernsAll whether what a task failed with concerns those who wait behind it as well: then they fail with
   * it at once, so that their time-outs don't add up
   */
  constructor (private readonly options: { patience: number, busy: () => Error, concernsAll: (error: unknown) => boolean }) {}

  /**
   * @param key what the task must have for itself
   * @param task gets what the task before it carried over (undefined after an idle time or a failure), and when it
   * began to wait, in ms of `performance.now()`
   * @returns the task's result
   * @throws what the task throws; the error of being busy; the fault of a task before it that concerns all
   */
  async run<Result> (key: string, task: (carried: Carry | undefined, since: number) => Promise<{ result: Result, carry?: Carry }>): Promise<Result> {
    const since = performance.now()
    let lane = this.#lanes.get(key)
    let carried: Carry | undefined
    if (lane === undefined) this.#lanes.set(key, lane = [])
    else carried = await this.#turn(lane)
    let carry: Carry | undefined
    try {
      const outcome = await task(carried, since)
      carry = outcome.carry
      return outcome.result
    } catch (error) {
      if (this.options.concernsAll(error)) for (const { fail } of lane.splice(0)) fail(error)
      throw error
    } finally {
      const next = lane.shift()
      if (next === undefined) this.#lanes.delete(key)
      else next.go(carry)
    }
  }

  async #turn (lane: Array<Waiter<Carry>>): Promise<Carry | undefined> {
    if (lane.length >= maxWaiting) throw this.options.busy()
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        lane.splice(lane.indexOf(waiter), 1)
        reject(this.options.busy())
      }, this.options.patience)
      const waiter: Waiter<Carry> = {
        go (carried) {
          clearTimeout(timer)
          resolve(carried)
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

/** Does what comes in bursts a little at a time: some of it each turn of the event loop, and what else is ready between. */
export class Trickle {
  readonly #jobs: Array<() => void> = []

  /** @param share how many jobs are done in a turn */
  constructor (private readonly share: number) {}

  /** @param job must not throw */
  add (job: () => void): void {
    if (this.#jobs.push(job) === 1) setImmediate(() => this.#work())
  }

  #work () {
    for (const job of this.#jobs.slice(0, this.share)) job()
    this.#jobs.splice(0, this.share)
    if (this.#jobs.length > 0) setImmediate(() => this.#work())
  }
}

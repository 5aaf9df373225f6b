/** Where a pool stands. */
interface Group {
  running: number
  readonly waiting: Array<() => Promise<void>>
}

/** How many may wait in a group. */
const maxWaiting = 200

/** Runs some tasks at once, and of each group so many; the others wait, those of the groups in turn. */
export class Pool {
  readonly #groups = new Map<string, Group>()
  #running = 0

  /**
   * @param concurrency how many run at once
   * @param ofGroup how many of a group do
   */
  constructor (private readonly concurrency: number, private readonly ofGroup: (group: string) => number = () => concurrency) {}

  /**
   * Adds a task, which must not throw.
   * @returns false if too many wait: then it is not run
   */
  add (group: string, task: () => Promise<void>): boolean {
    const { waiting } = this.#group(group)
    if (waiting.length >= maxWaiting) return false
    waiting.push(task)
    this.#fill()
    return true
  }

  /** Forgets what waits. */
  clear (): void {
    for (const { waiting } of this.#groups.values()) waiting.length = 0
  }

  #group (name: string): Group {
    let group = this.#groups.get(name)
    if (group === undefined) this.#groups.set(name, group = { running: 0, waiting: [] })
    return group
  }

  #fill (): void {
    for (const [name, group] of this.#groups) {
      if (this.#running >= this.concurrency) return
      if (group.running >= this.ofGroup(name)) continue
      const task = group.waiting.shift()
      if (task === undefined) continue
      // It comes after those who still wait.
      this.#groups.delete(name)
      this.#groups.set(name, group)
      this.#running++
      group.running++
      task().finally(() => {
        this.#running--
        group.running--
        if (group.running === 0 && group.waiting.length === 0) this.#groups.delete(name)
        this.#fill()
      }).catch(() => {})
      // The order has changed.
      return this.#fill()
    }
  }
}

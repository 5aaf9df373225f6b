/** Pauses that end early when something has changed: there is a connection again, or it is over. */
export class Rest {
  readonly #sleepers = new Set<() => void>()
  #isOver = false

  get isOver (): boolean {
    return this.#isOver
  }

  /**
   * Waits.
   * @param ms how long, in milliseconds; Infinity for until it is woken
   * @param isFirm whether only the end of everything wakes it: the server has asked to wait
   */
  async pause (ms: number, isFirm = false): Promise<void> {
    if (this.#isOver) return
    await new Promise<void>(resolve => {
      const end = () => {
        clearTimeout(timer)
        this.#sleepers.delete(wake)
        resolve()
      }
      const wake = () => { if (!isFirm || this.#isOver) end() }
      const timer = ms === Infinity ? undefined : setTimeout(end, ms)
      this.#sleepers.add(wake)
    })
  }

  wake (): void {
    for (const wake of [...this.#sleepers]) wake()
  }

  /** Ends all pauses, from now on. */
  end (): void {
    this.#isOver = true
    this.wake()
  }
}

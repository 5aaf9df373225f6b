/** Pauses that end early when something has changed: there is a connection again, or it is over. */
export class Rest {
  readonly #sleepers = new Set<() => void>()
  isOver = false

  /**
   * Waits.
   * @param ms how long, in milliseconds; Infinity for until it is woken
   * @param isFirm whether only the end of everything wakes it: the server has asked to wait
   */
  async pause (ms: number, isFirm = false): Promise<void> {
    if (this.isOver) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let wake = () => {}
    await new Promise<void>(resolve => {
      wake = () => { if (!isFirm || this.isOver) resolve() }
      if (ms < Infinity) timer = setTimeout(resolve, ms)
      this.#sleepers.add(wake)
    })
    clearTimeout(timer)
    this.#sleepers.delete(wake)
  }

  /** Ends all pauses that aren't firm. */
  wake (): void {
    for (const wake of this.#sleepers) wake()
  }

  /** Ends all pauses, from now on. */
  end (): void {
    this.isOver = true
    this.wake()
  }
}

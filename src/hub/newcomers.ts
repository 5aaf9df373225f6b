/**
 * Open connections whose clients haven't said yet who they are, by address: many users may share an address, but none needs
 * a thousand connections at once to say so.
 */
export class Newcomers {
  readonly #open = new Map<string, number>()

  /** @param max how many an address may have at once */
  constructor (private readonly max: number) {}

  /** How many addresses have some. */
  get size (): number {
    return this.#open.size
  }

  hasRoom (address: string): boolean {
    return this.#count(address) < this.max
  }

  /** One more has come. @returns is to be called when it has said who it is, or is gone; only the first call counts */
  enter (address: string): () => void {
    this.#open.set(address, this.#count(address) + 1)
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      const left = this.#count(address) - 1
      if (left > 0) this.#open.set(address, left)
      else this.#open.delete(address)
    }
  }

  #count (address: string): number {
    return this.#open.get(address) ?? 0
  }
}

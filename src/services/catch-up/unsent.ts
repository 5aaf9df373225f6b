/** A part of a conversation without a hole; nothing where `from` is past `to`. */
export interface Range {
  from: number
  to: number
}

/** What is left of a conversation up to its last message when a part of it was sent. */
export class Unsent {
  readonly #from: number
  readonly #to: number

  constructor (private readonly last: number, sent: Range = { from: 1, to: 0 }) {
    const isEmpty = sent.from > sent.to
    this.#from = isEmpty ? last + 1 : sent.from
    this.#to = isEmpty ? last : sent.to
  }

  /** From where back the beginning of what was missed has to be searched: the rest was sent. */
  get start (): number {
    return this.#to >= this.last ? Math.min(this.#from, this.last) : this.last
  }

  /** The next part after a message, if there is one. */
  after (seq: number): Range | undefined {
    const from = this.#from <= seq + 1 ? Math.max(seq, this.#to) + 1 : seq + 1
    return from > this.last ? undefined : { from, to: from < this.#from ? Math.min(this.last, this.#from - 1) : this.last }
  }
}

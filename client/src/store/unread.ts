/** How many messages of the other user lie after one position up to another; undefined where that isn't known. */
type CountOthers = (afterSeq: number, toSeq: number) => number | undefined

/**
 * Counts what a user hasn't read of a conversation: from the server's count at a position, and messages and read positions
 * that become known since, in any order. Where it can't be told exactly it says so.
 */
export class Unread {
  /** Messages of the other in (read, at], as far as it is known. */
  count = 0
  /** Up to where the count goes. */
  #at = 0
  /** The last message told. */
  #told = 0
  /** Up to where the user has read. */
  readSeq = 0
  /** Whether the count is a guess until the server is asked. */
  isDoubtful = false

  constructor (private readonly countOthers: CountOthers) {}

  /** Whether messages are known that don't follow on the counted ones: what lies between hasn't come. */
  get hasHole (): boolean {
    return this.#told > this.#at
  }

  /** Takes the server's count of a moment, when the last message was `seq`. */
  take ({ unreadCount, lastReadSeq, seq }: { unreadCount: number, lastReadSeq: number, seq: number }): void {
    if (seq < this.#at) return this.read(lastReadSeq)
    const read = this.readSeq
    this.#at = seq
    this.count = unreadCount
    this.readSeq = lastReadSeq
    this.isDoubtful = false
    // What has been read since that moment.
    this.read(read)
  }

  /** Takes a message. */
  message (seq: number, isOthers: boolean): void {
    this.#told = Math.max(this.#told, seq)
    if (seq !== this.#at + 1) return
    this.#at = seq
    if (isOthers && seq > this.readSeq) this.count++
  }

  /**
   * Everything up to a position is read.
   * @param unreadCount the server's count then, where it told
   */
  read (seq: number, unreadCount?: number): void {
    if (seq <= this.readSeq) return
    this.readSeq = seq
    if (seq >= this.#at) {
      this.#at = seq
      this.count = 0
      this.isDoubtful = false
    } else {
      const known = this.countOthers(seq, this.#at)
      this.isDoubtful = known === undefined
      this.count = known ?? Math.min(this.count, unreadCount ?? this.count)
    }
  }

  /** What was taken for read isn't: from now on it is as the server says. */
  distrust (): void {
    this.readSeq = this.#at = 0
    this.isDoubtful = true
  }
}

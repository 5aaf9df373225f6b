/** As much of `navigator.locks` as is needed. */
export interface LockManagerLike {
  request: (name: string, options: { signal: AbortSignal }, callback: () => Promise<void>) => Promise<unknown>
}

/** As much of a BroadcastChannel as is needed. */
export interface BroadcastChannelLike {
  postMessage: (message: unknown) => void
  close: () => void
  onmessage: ((event: { data: unknown }) => void) | null
}

export type BroadcastChannelConstructor = new (name: string) => BroadcastChannelLike

export interface TabsOptions<Note> {
  /** Of all tabs that belong together. */
  name: string
  locks: LockManagerLike
  BroadcastChannel: BroadcastChannelConstructor
  /** Another tab says something. */
  onNote: (note: Note) => void
  /** This tab leads from now on. */
  onLead: () => void
}

/** The tabs that belong together: one of them leads, as long as it is there; then the one that has waited longest. */
export class Tabs<Note> {
  readonly #channel: BroadcastChannelLike
  readonly #abort = new AbortController()
  /** Whether this tab leads. */
  isLeader = false
  #leave: () => void = () => {}

  constructor ({ name, locks, BroadcastChannel, onNote, onLead }: TabsOptions<Note>) {
    this.#channel = new BroadcastChannel(name)
    this.#channel.onmessage = ({ data }) => onNote(data as Note)
    const lead = async () => {
      if (this.#abort.signal.aborted) return
      this.isLeader = true
      onLead()
      await new Promise<void>(resolve => { this.#leave = resolve })
    }
    // Where a browser has locks but gives none, as in a page that may store nothing, each tab leads itself.
    locks.request(name, { signal: this.#abort.signal }, lead).catch(lead)
  }

  /** Tells all other tabs. */
  tell (note: Note): void {
    if (!this.#abort.signal.aborted) this.#channel.postMessage(note)
  }

  /** Leaves them; another one leads. */
  leave (): void {
    this.#abort.abort()
    this.#channel.close()
    this.#leave()
  }
}

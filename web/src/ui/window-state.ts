interface Opened<What> {
  what: What
  /** Where the focus came from, and the message or view that this is in: it may be gone by the time that the window is closed. */
  origins: HTMLElement[]
}

/** A window beside the views, about something in them: it stays when what opened it is scrolled out of view. */
export class WindowState<What> {
  #opened: Opened<What> | undefined
  readonly #listeners = new Set<() => void>()

  /** What the window that is open is about, if one is. */
  readonly get = (): What | undefined => this.#opened?.what

  readonly subscribe = (listener: () => void): () => void => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  open (what: What): void {
    const { activeElement } = document
    const places = [activeElement, activeElement?.closest('[data-entry]'), document.getElementById('main')]
    this.#change({ what, origins: places.filter(place => place instanceof HTMLElement && place !== document.body) as HTMLElement[] })
  }

  /** Closes it, and gives the focus back as near as possible to where it came from. */
  readonly close = (): void => {
    const { origins = [] } = this.#opened ?? {}
    this.#change(undefined)
    // First the window gives back the focus itself, where that is still possible.
    setTimeout(() => {
      if (this.#opened === undefined && document.activeElement === document.body) origins.find(({ isConnected }) => isConnected)?.focus()
    }, 100)
  }

  #change (next: Opened<What> | undefined) {
    this.#opened = next
    for (const listener of this.#listeners) listener()
  }
}

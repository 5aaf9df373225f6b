type Listener<Value> = (value: Value) => void

/** Calls listeners by the name of what happened; `Events` maps names to what listeners are given. */
export class Emitter<Events> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {}

  /** @returns what ends the subscription */
  on<Name extends keyof Events> (name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = this.#listeners[name] ??= new Set()
    listeners.add(listener)
    return () => { listeners.delete(listener) }
  }

  protected emit<Name extends keyof Events> (name: Name, value: Events[Name]): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        listener(value)
      } catch (error) {
        // As everywhere in browsers and Node: it is reported as uncaught, and the other listeners are called.
        queueMicrotask(() => { throw error })
      }
    }
  }
}

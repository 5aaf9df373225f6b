/** A map that forgets what was set the longest ago once it has grown beyond a size. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  /** @param maxSize how many entries it keeps */
  constructor (private readonly maxSize: number) {
    super()
  }

  override set (key: Key, value: Value): this {
    this.delete(key)
    super.set(key, value)
    if (this.size > this.maxSize) this.delete(this.keys().next().value as Key)
    return this
  }
}

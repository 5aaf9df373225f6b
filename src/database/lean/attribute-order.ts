interface Attribute {
  name: string
  /** Where its value is kept while an item is read. */
  slot: number
  /** A random number: the sum of them tells which attributes an item has, in whatever order they came. */
  number: number
}

/** More kinds of items than there are in any table that this server reads. */
const mostKinds = 1000

/** What is known of attributes and of the kinds of items that they make. */
class Knowledge {
  readonly attributes = new Map<string, Attribute>()
  /** The attributes of each kind in the order of their names, by the sum of their numbers. */
  readonly kinds = new Map<number, readonly Attribute[]>()
  /** Slots that no item is read into now, all empty. */
  readonly spare: unknown[][] = []

  attributeOf (name: string): Attribute {
    // Sums of as many attributes as an item may have stay exact.
    const attribute = { name, slot: this.attributes.size, number: Math.floor(Math.random() * 2 ** 37) }
    this.attributes.set(name, attribute)
    return attribute
  }
}

let knowledge = new Knowledge()

/**
 * An item while it is read, whose attributes get the same order each time. The embedded engine returns them in another
 * order each time; to JavaScript each order is another kind of object, and code that meets many kinds is slow.
 */
export class ItemInOrder {
  readonly #known = knowledge
  readonly #values = this.#known.spare.pop() ?? []
  #sum = 0
  #count = 0

  /** @param value anything but undefined */
  add (name: string, value: unknown): void {
    const { slot, number } = this.#known.attributes.get(name) ?? this.#known.attributeOf(name)
    this.#values[slot] = value
    this.#sum += number
    this.#count++
  }

  /** The item with what was added; nothing may be added any more. */
  done (): Record<string, unknown> {
    const values = this.#values
    const kind = this.#known.kinds.get(this.#sum)
    const attributes = kind !== undefined && this.#isOf(kind) ? kind : this.#newKind()
    const item: Record<string, unknown> = {}
    for (let n = 0; n < attributes.length; n++) {
      const { name, slot } = attributes[n]!
      item[name] = values[slot]
      values[slot] = undefined
    }
    this.#known.spare.push(values)
    return item
  }

  #isOf (kind: readonly Attribute[]): boolean {
    return kind.length === this.#count && kind.every(({ slot }) => this.#values[slot] !== undefined)
  }

  #newKind (): readonly Attribute[] {
    const kind = [...this.#known.attributes.values()].filter(({ slot }) => this.#values[slot] !== undefined).sort((one, other) => one.name < other.name ? -1 : 1)
    this.#known.kinds.set(this.#sum, kind)
    // Items that are being read go on with what was known.
    if (this.#known.kinds.size >= mostKinds && this.#known === knowledge) knowledge = new Knowledge()
    return kind
  }
}

/** A partition key or a sort key as ElectroDB defines it. */
export interface KeyTemplate {
  /** What it is called in the table. */
  field: string
  /** Texts, and between them the names of attributes, as `${name}`. */
  template: string
}

type Paddings = Readonly<Record<string, { padding?: { length: number, char: string } }>>

/** Makes one of the keys of an item of its values. */
export class KeyPart {
  readonly field: string
  readonly #values: Array<{ before: string, name: string, padding?: { length: number, char: string } }> = []
  readonly #end: string

  constructor ({ field, template }: KeyTemplate, attributes: Paddings) {
    this.field = field
    const texts = template.split(/\$\{(\w+)\}/)
    this.#end = texts.at(-1)!
    for (let n = 0; n + 1 < texts.length; n += 2) {
      const name = texts[n + 1]!
      this.#values.push({ before: texts[n]!, name, padding: attributes[name]?.padding })
    }
  }

  /** @throws TypeError when a value is missing */
  of (values: Readonly<Record<string, unknown>>): string {
    return this.#make(values, name => { throw new TypeError(`The key ${this.field} needs ${name}`) })
  }

  /** How keys begin that have these values, up to the last of them. */
  beginningOf (values: Readonly<Record<string, unknown>>): string {
    return this.#make(values, () => {})
  }

  #make (values: Readonly<Record<string, unknown>>, missing: (name: string) => void): string {
    let key = ''
    for (const { before, name, padding } of this.#values) {
      const value = values[name] as string | number | undefined
      if (value === undefined) {
        missing(name)
        return key
      }
      key += before + (padding === undefined ? value : String(value).padStart(padding.length, padding.char))
    }
    return key + this.#end
  }
}

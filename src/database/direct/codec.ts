/** What is used here of an ElectroDB schema. */
export interface Schema {
  model: { entity: string, version: string }
  attributes: Readonly<Record<string, Attribute>>
  indexes: Readonly<Record<string, { index?: string, pk: KeyTemplate, sk: KeyTemplate }>>
}

interface Attribute {
  type: unknown
  field?: string
  padding?: { length: number, char: string }
  properties?: Readonly<Record<string, Attribute>>
  items?: Attribute
}

interface KeyTemplate {
  field: string
  composite: readonly string[]
  template: string
}

type Values = Readonly<Record<string, unknown>>
type Converted = Record<string, unknown>
interface Converter<Value = unknown> { store: (value: Value) => unknown, load: (stored: Value) => unknown }

/** Makes keys and stored items of values, and values of stored items, as ElectroDB does for the same entity. */
export interface Codec {
  /** The key of the table. */
  keyOf: (values: Values) => Record<string, string>
  /** All that a stored item holds. */
  store: (values: Values) => Converted
  /** What of a stored item has to be written when some of its values change: those and the keys that depend on them. */
  storeChange: (key: Values, change: Values) => Converted
  /** The values that a stored item holds. */
  load: (item: Values) => Converted
  /** What an attribute is called in the table. */
  fieldOf: (name: string) => string
}

/** Compiles the schema of an entity. Not for those whose attributes have getters, setters, defaults, or sets, or whose keys change case. */
export function compileCodec ({ model, attributes, indexes }: Schema): Codec {
  const { store, load } = mapConverter(attributes)
  const all = Object.values(indexes)
  const writeKey = keyWriter(all.filter(({ index }) => index === undefined), attributes)
  const secondary = all.filter(({ index }) => index !== undefined)
  const writeIndexKeys = keyWriter(secondary, attributes)
  const writers = secondary.map(index => ({ composite: [...index.pk.composite, ...index.sk.composite], write: keyWriter([index], attributes) }))
  return {
    keyOf: values => writeKey({}, values) as Record<string, string>,
    store (values) {
      const item = store(values) as Converted
      writeIndexKeys(writeKey(item, values), values)
      item.__edb_e__ = model.entity
      item.__edb_v__ = model.version
      return item
    },
    storeChange (key, change) {
      const stored = store(change) as Converted
      for (const { composite, write } of writers) {
        if (composite.some(name => change[name] !== undefined)) write(stored, { ...key, ...change })
      }
      return stored
    },
    load: load as Codec['load'],
    fieldOf: name => attributes[name]?.field ?? name
  }
}

function mapConverter (attributes: Readonly<Record<string, Attribute>>): Converter<Values> {
  const fields = Object.entries(attributes).map(([name, attribute]) => ({ name, field: attribute.field ?? name, converter: converterOf(attribute) }))
  return {
    store (values) {
      const stored: Converted = {}
      for (const { name, field, converter } of fields) {
        const value = values[name]
        if (value !== undefined) stored[field] = converter === undefined ? value : converter.store(value)
      }
      return stored
    },
    load (stored) {
      const values: Converted = {}
      for (const { name, field, converter } of fields) {
        const value = stored[field]
        if (value !== undefined) values[name] = converter === undefined ? value : converter.load(value)
      }
      return values
    }
  }
}

/** Only maps and lists of maps have names that differ in the table. */
function converterOf ({ type, properties, items }: Attribute): Converter | undefined {
  if (type === 'map' && properties !== undefined) return mapConverter(properties) as Converter
  const member = type === 'list' && items !== undefined ? converterOf(items) : undefined
  return member && { store: list => (list as unknown[]).map(member.store), load: list => (list as unknown[]).map(member.load) }
}

/** Writes the keys of indexes into an item. */
function keyWriter (indexes: ReadonlyArray<Schema['indexes'][string]>, attributes: Schema['attributes']) {
  const keys = indexes.flatMap(({ pk, sk }) => [pk, sk]).map(({ field, template }) => {
    // Literal texts, and between them the names of attributes.
    const parts = template.split(/\$\{(\w+)\}/)
    return { field, first: parts[0]!, rest: parts.slice(1).flatMap((name, n) => n % 2 === 0 ? [{ name, padding: attributes[name]?.padding, after: parts[n + 2]! }] : []) }
  })
  return (item: Converted, values: Values): Converted => {
    for (const { field, first, rest } of keys) {
      let key = first
      for (const { name, padding, after } of rest) {
        const value = values[name] as string | number | undefined
        if (value === undefined) throw new TypeError(`The key ${field} needs ${name}`)
        key += (padding === undefined ? value : String(value).padStart(padding.length, padding.char)) + after
      }
      item[field] = key
    }
    return item
  }
}

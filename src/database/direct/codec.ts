import { KeyPart, type KeyTemplate } from './key-part.js'

/** What is used here of an ElectroDB schema. */
export interface Schema {
  model: { entity: string, version: string }
  attributes: Readonly<Record<string, Attribute>>
  indexes: Readonly<Record<string, { index?: string, pk: KeyTemplate & Composite, sk: KeyTemplate & Composite }>>
}

export interface Attribute {
  type: unknown
  field?: string
  padding?: { length: number, char: string }
  properties?: Readonly<Record<string, Attribute>>
  items?: Attribute
}

type Values = Readonly<Record<string, unknown>>
type Converted = Record<string, unknown>
interface Composite { composite: readonly string[] }
interface Converter<Value = unknown> { store: (value: Value) => unknown, load: (stored: Value) => unknown }

/** Makes keys and stored items of values, and values of stored items, as ElectroDB does for the same entity. */
export interface Codec {
  /** The key of the table. */
  keyOf: (values: Values) => Record<string, string>
  /** The indexes of the table by the names that the entity has for them. */
  indexes: Readonly<Record<string, Index>>
  /** All that a stored item holds. */
  store: (values: Values) => Converted
  /** What of a stored item has to be written when some of its values change: those and the keys that depend on them. */
  storeChange: (key: Values, change: Values) => Converted
  /** The values that a stored item holds. */
  load: (item: Values) => Converted
  /** What an attribute is called in the table. */
  fieldOf: (name: string) => string
}

export interface Index {
  name: string
  pk: KeyPart
  sk: KeyPart
}

/** Compiles the schema of an entity. Not for those whose attributes have getters, setters or defaults, or whose keys change case. */
export function compileCodec ({ model, attributes, indexes }: Schema): Codec {
  const { store, load } = mapConverter(attributes)
  const compiled = Object.entries(indexes).map(([alias, { index, pk, sk }]) => ({
    alias, name: index, pk: new KeyPart(pk, attributes), sk: new KeyPart(sk, attributes), composite: [...pk.composite, ...sk.composite]
  }))
  const main = compiled.filter(({ name }) => name === undefined)
  const secondary = compiled.filter(({ name }) => name !== undefined)
  return {
    keyOf: values => writeKeys({}, main, values) as Record<string, string>,
    indexes: Object.fromEntries(secondary.map(({ alias, name, pk, sk }) => [alias, { name: name!, pk, sk }])),
    store (values) {
      const item = writeKeys(store(values) as Converted, compiled, values)
      item.__edb_e__ = model.entity
      item.__edb_v__ = model.version
      return item
    },
    storeChange (key, change) {
      const touched = secondary.filter(({ composite }) => composite.some(name => change[name] !== undefined))
      return writeKeys(store(change) as Converted, touched, { ...key, ...change })
    },
    load: load as Codec['load'],
    fieldOf: name => attributes[name]?.field ?? name
  }
}

function writeKeys (item: Converted, indexes: ReadonlyArray<Pick<Index, 'pk' | 'sk'>>, values: Values): Converted {
  for (const { pk, sk } of indexes) {
    item[pk.field] = pk.of(values)
    item[sk.field] = sk.of(values)
  }
  return item
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

import type { Codec } from './codec.js'
import { comparedIn, express, shapeOf, type Condition, type Expression } from './conditions.js'

/** An update in DynamoDB's language, with its condition: placeholders of what that compares come before those of what is set. */
interface UpdateStatement extends Expression {
  update: string
}

/** A condition as parameters of a write. */
interface ConditionParameters {
  ConditionExpression: string
  ExpressionAttributeNames: Readonly<Record<string, string>>
  ExpressionAttributeValues?: Record<string, unknown>
}

/** The expressions of an entity's writes: there are few, which are made once each, whatever the values. */
export class Statements<Item extends object> {
  readonly #conditions = new Map<string, Expression>()
  readonly #updates = new Map<string, UpdateStatement>()

  constructor (private readonly codec: Codec) {}

  condition (condition: Condition<Item>): ConditionParameters {
    const { text, names, placeholders } = known(this.#conditions, shapeOf(condition), () => express(condition, this.codec))
    return { ConditionExpression: text, ExpressionAttributeNames: names, ...valuesOf(placeholders, Object.values(comparedIn(condition))) }
  }

  /**
   * The parameters of an update of an item that is there.
   * @param stored what is set, by names in the table
   * @param without names of values that are removed
   */
  update (stored: Readonly<Record<string, unknown>>, condition: Condition<Item>, without: readonly string[]): ConditionParameters & { UpdateExpression: string } {
    const fields = Object.keys(stored)
    const shape = `set ${fields.join()} remove ${without.join()} if ${shapeOf(condition)}`
    const { text, update, names, placeholders } = known(this.#updates, shape, () => this.#newUpdate(fields, condition, without))
    return {
      UpdateExpression: update,
      ConditionExpression: text,
      ExpressionAttributeNames: names,
      ...valuesOf(placeholders, [...Object.values(comparedIn(condition)), ...Object.values(stored)])
    }
  }

  #newUpdate (fields: readonly string[], condition: Condition<Item>, without: readonly string[]): UpdateStatement {
    const { text, names, placeholders } = express(condition, this.codec)
    const set = fields.map(field => `#set_${field} = :set_${field}`)
    const removed = without.map(name => `#remove_${name}`)
    return {
      update: [...(set.length === 0 ? [] : [`SET ${set.join(', ')}`]), ...(removed.length === 0 ? [] : [`REMOVE ${removed.join(', ')}`])].join(' '),
      text: text === '' ? 'attribute_exists(#pk)' : `attribute_exists(#pk) AND ${text}`,
      names: Object.freeze({
        ...names,
        '#pk': 'pk',
        ...Object.fromEntries(fields.map(field => [`#set_${field}`, field])),
        ...Object.fromEntries(without.map(name => [`#remove_${name}`, this.codec.fieldOf(name)]))
      }),
      placeholders: [...placeholders, ...fields.map(field => `:set_${field}`)]
    }
  }
}

function known<Value> (values: Map<string, Value>, key: string, make: () => Value): Value {
  let value = values.get(key)
  if (value === undefined) values.set(key, value = make())
  return value
}

function valuesOf (placeholders: readonly string[], values: readonly unknown[]): { ExpressionAttributeValues?: Record<string, unknown> } {
  if (placeholders.length === 0) return {}
  const byPlaceholder: Record<string, unknown> = {}
  for (let n = 0; n < placeholders.length; n++) byPlaceholder[placeholders[n]!] = values[n]
  return { ExpressionAttributeValues: byPlaceholder }
}

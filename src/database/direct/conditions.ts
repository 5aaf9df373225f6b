import type { Codec } from './codec.js'

/** What must hold of an item for a write. */
export type Condition<Item> =
  /** There is none with its key. */
  | { absent: true }
  /** Attributes have these values. */
  | { equal: Partial<Item> }
  /** Each of the attributes has a smaller value, or none. */
  | { absentOrBelow: Partial<Item> }

export interface Expressions {
  ConditionExpression: string
  ExpressionAttributeNames: Record<string, string>
  ExpressionAttributeValues?: Record<string, unknown>
}

/** Writes a condition in DynamoDB's language. */
export function express<Item extends object> (condition: Condition<Item>, { fieldOf }: Codec): Expressions {
  if ('absent' in condition) return { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }
  const parts: string[] = []
  const [names, values]: [Record<string, string>, Record<string, unknown>] = [{}, {}]
  for (const [name, value] of Object.entries('equal' in condition ? condition.equal : condition.absentOrBelow)) {
    const [field, expected] = [`#${name}`, `:${name}`]
    names[field] = fieldOf(name)
    values[expected] = value
    parts.push('equal' in condition ? `${field} = ${expected}` : `(attribute_not_exists(${field}) OR ${field} < ${expected})`)
  }
  return { ConditionExpression: parts.join(' AND '), ExpressionAttributeNames: names, ExpressionAttributeValues: values }
}

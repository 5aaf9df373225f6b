import type { Codec } from './codec.js'

/** What must hold of an item for a write. */
export type Condition<Item> =
  /** There is none with its key. */
  | { absent: true }
  /** Attributes have these values, some are there and some are not. */
  | { equal?: Partial<Item>, having?: ReadonlyArray<keyof Item & string>, lacking?: ReadonlyArray<keyof Item & string> }
  /** Each of the attributes has a smaller value, or none. */
  | { absentOrBelow: Partial<Item> }

export interface Expressions {
  /** Empty if nothing must hold. */
  ConditionExpression: string
  ExpressionAttributeNames: Record<string, string>
  ExpressionAttributeValues?: Record<string, unknown>
}

/** Writes a condition in DynamoDB's language. */
export function express<Item extends object> (condition: Condition<Item>, { fieldOf }: Codec): Expressions {
  if ('absent' in condition) return { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }
  const parts: string[] = []
  const [names, values]: [Record<string, string>, Record<string, unknown>] = [{}, {}]
  const compare = (expected: Partial<Item>, write: (field: string, value: string) => string) => {
    for (const [name, value] of Object.entries(expected)) {
      names[`#${name}`] = fieldOf(name)
      values[`:${name}`] = value
      parts.push(write(`#${name}`, `:${name}`))
    }
  }
  const look = (found: readonly string[], write: (field: string) => string) => {
    for (const name of found) {
      names[`#${name}`] = fieldOf(name)
      parts.push(write(`#${name}`))
    }
  }
  if ('absentOrBelow' in condition) compare(condition.absentOrBelow, (field, value) => `(attribute_not_exists(${field}) OR ${field} < ${value})`)
  else {
    compare(condition.equal ?? {}, (field, value) => `${field} = ${value}`)
    look(condition.having ?? [], field => `attribute_exists(${field})`)
    look(condition.lacking ?? [], field => `attribute_not_exists(${field})`)
  }
  const isComparing = Object.keys(values).length > 0
  return { ConditionExpression: parts.join(' AND '), ExpressionAttributeNames: names, ...(isComparing && { ExpressionAttributeValues: values }) }
}

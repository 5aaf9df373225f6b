import type { Codec } from './codec.js'

/** What must hold of an item for a write. */
export type Condition<Item> =
  /** There is none with its key. */
  | { absent: true }
  /** Attributes have these values, some are there and some are not. */
  | { equal?: Partial<Item>, having?: ReadonlyArray<keyof Item & string>, lacking?: ReadonlyArray<keyof Item & string> }
  /** Each of the attributes has a smaller value, or none. */
  | { absentOrBelow: Partial<Item> }

/** A condition in DynamoDB's language, which is the same whatever the values that are compared. */
export interface Expression {
  /** Empty if nothing must hold. */
  text: string
  names: Readonly<Record<string, string>>
  /** What stands for the values, in their order. */
  placeholders: readonly string[]
}

const absent: Expression = { text: 'attribute_not_exists(#pk)', names: Object.freeze({ '#pk': 'pk' }), placeholders: [] }

/** Writes a condition in DynamoDB's language. */
export function express<Item extends object> (condition: Condition<Item>, { fieldOf }: Codec): Expression {
  if ('absent' in condition) return absent
  const parts: string[] = []
  const names: Record<string, string> = {}
  const placeholders: string[] = []
  const compare = (expected: Partial<Item>, write: (field: string, value: string) => string) => {
    for (const name of Object.keys(expected)) {
      names[`#${name}`] = fieldOf(name)
      placeholders.push(`:${name}`)
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
  return { text: parts.join(' AND '), names: Object.freeze(names), placeholders }
}

/** The values that a condition compares with. */
export function comparedIn<Item extends object> (condition: Condition<Item>): Partial<Item> {
  if ('absent' in condition) return {}
  return 'absentOrBelow' in condition ? condition.absentOrBelow : condition.equal ?? {}
}

/** Conditions of the same shape differ in the values only that they compare with. */
export function shapeOf<Item extends object> (condition: Condition<Item>): string {
  if ('absent' in condition) return 'absent'
  if ('absentOrBelow' in condition) return `below ${Object.keys(condition.absentOrBelow).join()}`
  const { equal = {}, having = [], lacking = [] } = condition
  return `equal ${Object.keys(equal).join()} having ${having.join()} lacking ${lacking.join()}`
}

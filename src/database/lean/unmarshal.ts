import { unmarshall } from '@aws-sdk/util-dynamodb'

type AttributeValue = Readonly<Record<string, unknown>>

/** An item, or the value of a map, as DynamoDB's JSON has it. */
export type WireItem = Readonly<Record<string, AttributeValue>>

/**
 * Reads an item that came as DynamoDB's JSON, as `unmarshall` of the AWS SDK does, and puts its attributes in one order. The embedded
 * engine returns them in another order each time; to JavaScript each order is another kind of object, and code that meets many kinds is slow.
 */
export function unmarshalItem (wire: WireItem): Record<string, unknown> {
  const names = inOrder(wire)
  const item: Record<string, unknown> = {}
  for (let n = 0; n < names.length; n++) item[names[n]!] = unmarshalValue(wire[names[n]!]!)
  return item
}

function unmarshalValue (wire: AttributeValue): unknown {
  for (const type in wire) {
    const value = wire[type]
    switch (type) {
      case 'S': case 'BOOL': return value
      case 'N': return number(value as string)
      case 'M': return unmarshalItem(value as WireItem)
      case 'L': return (value as AttributeValue[]).map(unmarshalValue)
      case 'NULL': return null
      case 'B': return binary(value as string)
      case 'SS': return new Set(value as string[])
      case 'NS': return new Set((value as string[]).map(number))
      case 'BS': return new Set((value as string[]).map(binary))
    }
  }
  return rare(wire)
}

function number (text: string): unknown {
  const value = Number(text)
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : rare({ N: text })
}

function binary (text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}

/** Integers that need more than a double, and what isn't DynamoDB's JSON. */
function rare (wire: AttributeValue): unknown {
  return unmarshall(wire as never, { convertWithoutMapWrapper: true })
}

/** More kinds of items than there are in any table that this server reads. */
const mostKinds = 1000
/** A random number for each attribute name, and for each kind of item its names in order by the sum of their numbers. */
const numbers = new Map<string, number>()
const kinds = new Map<number, readonly string[]>()

/** The names of an item's attributes in order, found without sorting them each time. */
function inOrder (wire: WireItem): readonly string[] {
  let sum = 0
  let count = 0
  for (const name in wire) {
    sum += numbers.get(name) ?? numberOf(name)
    count++
  }
  const known = kinds.get(sum)
  if (known !== undefined && known.length === count && known.every(name => Object.hasOwn(wire, name))) return known
  if (kinds.size >= mostKinds) forget()
  const names = Object.keys(wire).sort()
  kinds.set(sum, names)
  return names
}

function numberOf (name: string): number {
  // Sums of as many attributes as an item may have stay exact.
  const value = Math.floor(Math.random() * 2 ** 37)
  numbers.set(name, value)
  return value
}

function forget () {
  kinds.clear()
  numbers.clear()
}

import { unmarshall } from '@aws-sdk/util-dynamodb'
import { ItemInOrder } from './attribute-order.js'
import type { JsonReader } from './json-reader.js'

/**
 * Reads an item out of DynamoDB's JSON as `unmarshall` of the AWS SDK reads it out of the objects that `JSON.parse` makes, and
 * with its attributes in one order.
 */
export function unmarshalItem (json: JsonReader): Record<string, unknown> {
  const item = new ItemInOrder()
  json.members(name => item.add(name, unmarshalValue(json)))
  return item.done()
}

function unmarshalValue (json: JsonReader): unknown {
  return json.member(valueOf)
}

function valueOf (json: JsonReader, type: string): unknown {
  switch (type) {
    case 'S': return json.string()
    case 'N': return number(json.string())
    case 'BOOL': return json.any()
    case 'M': return unmarshalItem(json)
    case 'L': return json.list(() => unmarshalValue(json))
    case 'NULL': json.any(); return null
    case 'B': return binary(json.string())
    case 'SS': return new Set(json.list(() => json.string()))
    case 'NS': return new Set(json.list(() => number(json.string())))
    case 'BS': return new Set(json.list(() => binary(json.string())))
    default: return rare({ [type]: json.any() })
  }
}

function number (text: string): unknown {
  const value = Number(text)
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : rare({ N: text })
}

function binary (text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}

/** Integers that need more than a double, and what isn't DynamoDB's JSON. */
function rare (wire: object): unknown {
  return unmarshall(wire as never, { convertWithoutMapWrapper: true })
}

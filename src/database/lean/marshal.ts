import { marshall } from '@aws-sdk/util-dynamodb'

/**
 * Writes an item as DynamoDB's JSON, without the objects in between that `marshall` of the AWS SDK would make of it
 * (a quarter of its time). What is written is what the SDK's document client writes, and so are the errors.
 * @param item values by attribute name; those that are undefined are left out, but only here, not in maps
 */
export function marshalItem (item: object): string {
  return marshalMap(item, true)
}

function marshalMap (map: object, partial = false): string {
  let text = '{'
  for (const name in map) {
    const value: unknown = (map as Record<string, unknown>)[name]
    if (typeof value === 'function' || (partial && value === undefined)) continue
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(name)}:${marshalValue(value)}`
  }
  return `${text}}`
}

function marshalValue (value: unknown): string {
  switch (typeof value) {
    case 'string': return `{"S":${JSON.stringify(value)}}`
    case 'boolean': return value ? '{"BOOL":true}' : '{"BOOL":false}'
    case 'number': return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? `{"N":"${value}"}` : rare(value)
    case 'object':
      if (value === null) return '{"NULL":true}'
      if (Array.isArray(value)) return `{"L":[${value.filter(member => typeof member !== 'function').map(marshalValue).join(',')}]}`
      return isPlain(value) ? `{"M":${marshalMap(value)}}` : rare(value)
    default: return rare(value)
  }
}

function isPlain (value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Sets, binary values, numbers that need more than a double, and what can't be stored at all. */
function rare (value: unknown): string {
  return JSON.stringify(marshall(value as Set<string>, { convertTopLevelContainer: true }), toBase64)
}

/** Binary values by Base64. Buffers have a `toJSON`, which came first: hence `this`. */
function toBase64 (this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key]
  if (original instanceof ArrayBuffer) return Buffer.from(original).toString('base64')
  return ArrayBuffer.isView(original) ? Buffer.from(original.buffer, original.byteOffset, original.byteLength).toString('base64') : value
}

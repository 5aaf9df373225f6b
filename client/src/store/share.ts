/**
 * Structural sharing: what is equal to what was there before is what was there before, in whole or in parts. What stands in a list is found
 * by its `key` or `userId`, wherever it stood.
 * @param before what was there; never altered
 * @param after plain data: objects, arrays and primitives; anything else is left as it is
 */
export function share<Value> (before: unknown, after: Value): Value {
  if (before === after || !isPlain(before) || !isPlain(after) || Array.isArray(before) !== Array.isArray(after)) return after
  const shared = Array.isArray(after) ? shareItems(before as unknown as unknown[], after) : shareProperties(before, after)
  const isSame = Object.keys(before).length === Object.keys(shared).length &&
    Object.entries(shared).every(([name, value]) => Object.hasOwn(before, name) && before[name] === value)
  return (isSame ? before : shared) as Value
}

/** A record whose keys may be anything, user ids such as `constructor` included. */
export function record<Value> (entries: Iterable<readonly [key: string, value: Value]>): Record<string, Value> {
  const values: Record<string, Value> = Object.create(null)
  for (const [key, value] of entries) values[key] = value
  return values
}

function shareProperties (before: Record<string, unknown>, after: Record<string, unknown>): object {
  const shared: Record<string, unknown> = Object.create(Object.getPrototypeOf(after))
  for (const [name, value] of Object.entries(after)) shared[name] = Object.hasOwn(before, name) ? share(before[name], value) : value
  return shared
}

function shareItems (before: unknown[], after: unknown[]): unknown[] {
  const known = new Map(before.map((item, n) => [nameOf(item, n), item]))
  return after.map((item, n) => share(known.get(nameOf(item, n)), item))
}

function nameOf (item: unknown, position: number): unknown {
  return isPlain(item) ? item.key ?? item.userId ?? position : position
}

function isPlain (value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === null || prototype === Object.prototype
}

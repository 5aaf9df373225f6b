import fc from 'fast-check'

/** A value with one thing in it replaced, taken away or added, at a place that the numbers choose. */
export function mutate (value: unknown, [choice = 0, ...choices]: number[], other: unknown): unknown {
  if (typeof value !== 'object' || value === null) return other
  const keys = Object.keys(value)
  const key = keys[choice % (keys.length + 1)] ?? 'brandNew'
  const copy = structuredClone(value) as Record<string, unknown>
  if (choices.length === 0 || !(key in copy)) {
    if (choice % 3 === 0) copy[key] = other
    else if (Array.isArray(copy)) copy.splice(Number(key), 1)
    else delete copy[key]
  } else {
    copy[key] = mutate(copy[key], choices, other)
  }
  return copy
}

/** Places and what comes to stand there. */
export const mutations = fc.array(fc.tuple(fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }), fc.oneof(
  fc.jsonValue(), fc.constantFrom(null, 0, 1.5, -1, '', 'text', '2026-11-22T10:15:30.123Z', 'EUR', 'sell', [], {})
)), { maxLength: 3 })

const radix = 100_000_000n

/**
 * A large integer in parts of 8 decimal digits, the lowest first, each with the integer's sign: sums of parts are the parts of the sum.
 * @param count how many parts there are; the last one takes what is left
 */
export function partsOf (value: bigint, count: number): number[] {
  const parts: number[] = []
  for (let left = value; parts.length < count; left /= radix) parts.push(Number(parts.length === count - 1 ? left : left % radix))
  return parts
}

/** The integer that parts make up. */
export function joinParts (parts: readonly number[]): bigint {
  return parts.reduceRight((sum, part) => sum * radix + BigInt(part), 0n)
}

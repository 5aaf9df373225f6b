/** Compares decimals of at least 0, of any length, exactly: as strings, or as numbers of JSON. For sorting. */
export function compareDecimals (one: string | number, other: string | number): number {
  const [whole = '', fraction = ''] = String(one).split('.')
  const [otherWhole = '', otherFraction = ''] = String(other).split('.')
  return whole.length - otherWhole.length || compareText(whole, otherWhole) || compareText(fraction, otherFraction)
}

function compareText (one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

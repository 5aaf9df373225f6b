type Point = ',' | '.'

/**
 * What separates whole from fraction in a column of numbers. Where a number has commas and points it is the last of them; where one has several of
 * the same, these group digits. A single comma is taken for a decimal one: energy of a quarter of an hour is `0,125` more often than 125.
 */
export function pointOf (cells: readonly string[]): Point {
  const both = cells.find(cell => cell.includes(',') && cell.includes('.'))
  if (both !== undefined) return both.lastIndexOf(',') > both.lastIndexOf('.') ? ',' : '.'
  const isGroup = (mark: Point) => cells.some(cell => cell.split(mark).length > 2)
  if (cells.some(cell => cell.includes(','))) return isGroup(',') ? '.' : ','
  return isGroup('.') ? ',' : '.'
}

/** The number in a cell; undefined if it is none. */
export function numberOf (cell: string, point: Point): number | undefined {
  const plain = cell.replace(/[\s\u00a0\u202f'’]/g, '').replaceAll(point === ',' ? '.' : ',', '').replace(point, '.')
  return /^[-+\u2212]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i.test(plain) ? Number(plain.replace('\u2212', '-')) : undefined
}

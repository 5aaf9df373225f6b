import { toDecimal } from './decimal.js'
import { numberSymbols, type NumberSymbols } from './numbers.js'

/** Zeros of digits that people type in locales which write with others: Latin, Arabic, Persian, Devanagari. */
const zeros = [0x30, 0x660, 0x6f0, 0x966]
const invisible = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * A decimal as somebody typed it, in a locale's digits and separators or in Latin digits. It is strict, lest a number be taken for
 * another: `0.27` is refused where the point groups digits, as in German.
 * @param locale a BCP 47 tag
 * @returns the decimal in its shortest plain form, e.g. `'1234.5'`, exactly; undefined for what is none
 * @throws RangeError for what is no locale
 */
export function parseDecimal (text: string, locale: string): string | undefined {
  const symbols = numberSymbols(locale)
  const plain = Array.from(text.replace(invisible, '').trim(), char => plainOf(char, symbols)).join('')
  const [, sign, whole = '', fraction = ''] = /^(-?)([\d,]*)(?:\.(\d*))?$/.exec(plain) ?? []
  if (whole + fraction === '' || !isGrouped(whole, symbols)) return undefined
  return toDecimal(`${sign}${whole.replaceAll(',', '') || '0'}.${fraction || '0'}`)
}

/** What a character stands for: a digit, `-`, `.` between whole and fraction, `,` between groups, or `?`. */
function plainOf (char: string, { digits, group, decimal }: NumberSymbols): string {
  const digit = digits.get(char)
  if (digit !== undefined) return digit
  const value = zeros.map(zero => char.charCodeAt(0) - zero).find(value => value >= 0 && value <= 9)
  if (value !== undefined) return String(value)
  if (char === decimal || char === '٫') return '.'
  if (char === '٬' || sameGroup(char) === sameGroup(group)) return ','
  // A keypad has a point, whatever the locale.
  if (char === '.') return '.'
  return char === '-' || char === '−' ? '-' : '?'
}

/** Spaces of all kinds group alike, and so do apostrophes: nobody types the one that a locale writes. */
function sameGroup (char: string): string {
  return /\s/.test(char) ? ' ' : char.replace('’', '\'')
}

/** Whether separators stand where the locale puts them, if there are any. */
function isGrouped (whole: string, { lastGroup, otherGroups }: NumberSymbols): boolean {
  const groups = whole.split(',')
  const first = groups.shift() ?? ''
  if (groups.length === 0) return true
  const last = groups.pop()
  return /^[1-9]/.test(first) && first.length <= otherGroups && last?.length === lastGroup && groups.every(({ length }) => length === otherGroups)
}

import { cached } from './cached.js'
import { toDecimal } from './decimal.js'

const formatter = /* @__PURE__ */ cached((locale: string, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options))

/** An engine as of 2023 takes decimals as strings, all digits of which it shows. */
type Exact = `${number}`

/**
 * A decimal in a locale's digits and separators, with all its digits, 20 of them after the point at most.
 * @param value a decimal as a string, or a number as it came in JSON; anything else is shown as it is
 * @param locale a BCP 47 tag
 * @throws RangeError for what is no locale
 */
export function formatDecimal (value: number | string, locale: string): string {
  return formatNumber(value, locale, {})
}

/** As `formatDecimal`, with further options of Intl. */
export function formatNumber (value: number | string, locale: string, options: Intl.NumberFormatOptions): string {
  const decimal = toDecimal(value)
  return decimal === undefined ? String(value) : formatter(locale, { maximumFractionDigits: 20, ...options }).format(decimal as Exact)
}

/** What a locale writes numbers with. */
export interface NumberSymbols {
  /** The value of each of the locale's digits. */
  digits: ReadonlyMap<string, string>
  group: string
  decimal: string
  /** How many digits stand in the last group before the decimal separator, and in those before it. */
  lastGroup: number
  otherGroups: number
}

export const numberSymbols = /* @__PURE__ */ cached((locale: string): NumberSymbols => {
  const parts = formatter(locale, { maximumFractionDigits: 1 }).formatToParts(12345678901.5)
  const [before, last] = parts.filter(({ type }) => type === 'integer').slice(-2)
  const of = (type: string) => parts.find(part => part.type === type)?.value ?? ''
  return {
    digits: new Map(Array.from('0123456789', digit => [formatter(locale, {}).format(Number(digit)), digit])),
    group: of('group'),
    decimal: of('decimal'),
    lastGroup: last?.value.length ?? 0,
    otherGroups: before?.value.length ?? 0
  }
})

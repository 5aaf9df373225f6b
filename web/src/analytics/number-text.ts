import { formatDecimal, formatEnergy, formatMoney, formatPrice, isolate, type PriceOptions } from 'equilux-chat-client/format'

/** What is said where there is nothing to say a number of. */
const none = '–'

const duration = [{ unit: 'day', seconds: 86_400 }, { unit: 'hour', seconds: 3600 }, { unit: 'minute', seconds: 60 }] as const

/** What says figures as a reader writes numbers. Decimals keep all their digits. */
export function numberText (locale: string, priceOptions: PriceOptions) {
  const percentage = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 4 })
  const signed = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 4, signDisplay: 'exceptZero' })
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 })
  const price = (value: string | number | null, currency: string) => value === null ? none : formatPrice(value, currency, locale, priceOptions)
  return {
    none,
    count: (value: number | null) => value === null ? none : formatDecimal(value, locale),
    energy: (value: string | null) => value === null ? none : formatEnergy(value, locale),
    money: (value: string, currency: string) => isolate(formatMoney(value, currency, locale)),
    price,
    /** @param share of 1 */
    rate: (share: number | null) => share === null ? none : percentage.format(share),
    /** @param bps basis points */
    spread: (bps: number | null) => bps === null ? none : isolate(signed.format(bps / 10_000)),
    mean: (value: number | null) => value === null ? none : formatDecimal(value, locale),
    /** In the largest unit that it fills. */
    duration: (seconds: number, unitDisplay: 'long' | 'short' = 'long') => {
      const { unit, seconds: each } = duration.find(({ seconds: each }) => seconds >= each) ?? { unit: 'second' as const, seconds: 1 }
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 }).format(seconds / each)
    },
    /** At an axis: a value that nobody has to read exactly. */
    tick: (value: number) => short.format(value),
    priceTick: (value: number, currency: string) => price(Number(value.toPrecision(6)), currency).replace('/kWh', ''),
    percentTick: (value: number) => signed.format(Number((value / 100).toPrecision(6)))
  }
}

export type NumberText = ReturnType<typeof numberText>

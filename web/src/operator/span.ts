const day = 86_400_000

/** Over how many days one can look back; over a year only where the market has a figure a day: of hours that would be more than the server tells at once. */
const short = ['7', '30', '90'] as const
const long = ['366'] as const
export type Span = typeof short[number] | typeof long[number]

/** @param granularity of the market, once it is known */
export function spans (granularity: 'hour' | 'day' | undefined): readonly Span[] {
  return granularity === 'day' ? [...short, ...long] : short
}

/** The first of the last days, today among them, in UTC: `2026-11-01`. @param now in ms since the epoch */
export function firstOf (span: Span, now: number): string {
  return new Date(now - (Number(span) - 1) * day).toISOString().slice(0, 10)
}

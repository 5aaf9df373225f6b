import { granularities, type Granularity } from './granularity.js'

export const presets = ['today', '7d', '30d', '12m'] as const
export type Preset = typeof presets[number]
export const tabs = ['own', 'market'] as const

/** What the page shows. What is left out follows from where and when it is looked at. */
export interface View {
  tab: typeof tabs[number]
  /** A stretch that moves with the days, or the days between two that were chosen, both included: `2026-11-01`. */
  range: Preset | { from: string, to: string }
  granularity?: Granularity
  /** What the user does. */
  side?: 'sell' | 'buy'
  /** ISO 4217. */
  currency?: string
  /** IANA's name. */
  timeZone?: string
  /** Of the counterparties: `2026-11`. */
  month?: string
}

export const initialView: View = { tab: 'own', range: '30d' }

/** The view that a page's address tells; what it doesn't know there it leaves alone. */
export function readView (search: URLSearchParams): View {
  const [from, to] = [search.get('from') ?? '', search.get('to') ?? '']
  const read = (name: string, isKnown: (value: string) => boolean) => {
    const value = search.get(name)
    return value !== null && isKnown(value) ? value : undefined
  }
  return {
    tab: oneOf(tabs, search.get('tab')) ?? initialView.tab,
    range: isDay(from) && isDay(to) ? { from, to } : oneOf(presets, search.get('range')) ?? initialView.range,
    granularity: oneOf(granularities, search.get('by')),
    side: oneOf(['sell', 'buy'], search.get('side')),
    currency: read('currency', value => /^[A-Z]{3}$/.test(value)),
    timeZone: read('zone', isTimeZone),
    month: read('month', value => isDay(`${value}-01`))
  }
}

/** The names in the address that are the view's. */
export const searchNames = ['tab', 'range', 'from', 'to', 'by', 'side', 'currency', 'zone', 'month'] as const

/** The address's query for a view: `readView` back. */
export function writeView ({ tab, range, granularity, side, currency, timeZone, month }: View): URLSearchParams {
  const members: Record<typeof searchNames[number], string | undefined> = {
    tab: tab === initialView.tab ? undefined : tab,
    ...typeof range === 'string' ? { range: range === initialView.range ? undefined : range, from: undefined, to: undefined } : { range: undefined, ...range },
    by: granularity,
    side,
    currency,
    zone: timeZone,
    month
  }
  return new URLSearchParams(Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function oneOf<Name extends string> (names: readonly Name[], given: string | null): Name | undefined {
  return names.find(name => name === given)
}

function isDay (text: string): boolean {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : undefined
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

function isTimeZone (name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

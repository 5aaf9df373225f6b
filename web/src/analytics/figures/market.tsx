import type { Market, MarketPoint } from 'equilux-chat-client/analytics'
import { useMemo } from 'react'
import type { Drawing } from '../chart/drawing.js'
import type { Column } from '../figure/column.js'
import { Figure } from '../figure/figure.js'
import { Nothing } from '../figure/nothing.js'
import type { IntervalText } from '../use-interval-text.js'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'
import { fileNameOf, labelsOf } from './own-figure.js'

const reasons = ['tooFew', 'tooRecent'] as const
const bands = { tooFew: 'diagonal', tooRecent: 'dots' } as const

/** What all traded, and where nothing is told of it. */
export function MarketFigure ({ market, interval }: { market: Market, interval: IntervalText }) {
  const say = useSay()
  const number = useNumberText()
  const { series, totals, currency, rules, granularity } = market
  const counts = useMemo(() => Object.fromEntries(reasons.map(reason => [reason, series.filter(point => point.reason === reason).length])) as Record<typeof reasons[number], number>, [series])
  const drawing = useMemo<Drawing>(() => ({
    labels: labelsOf(series, interval),
    axis: { title: say('analytics.axis.energy'), tick: number.tick },
    second: { title: say('analytics.axis.price'), tick: value => number.priceTick(value, currency), isFree: true },
    series: [
      { kind: 'bar', label: say('analytics.column.volume'), values: series.map(({ amount }) => amount === null ? null : Number(amount)), text: index => number.energy(series[index]?.amount ?? null), colour: 'accent', pattern: 'solid' },
      {
        kind: 'line',
        axis: 'second',
        label: say('analytics.column.price'),
        values: series.map(({ vwap }) => vwap === null ? null : Number(vwap)),
        text: index => number.price(series[index]?.vwap ?? null, currency),
        colour: 'ink'
      },
      ...reasons.filter(reason => counts[reason] > 0).map(reason => ({
        kind: 'bar' as const,
        axis: 'none' as const,
        label: say(`analytics.${reason}`),
        values: series.map(point => point.reason === reason ? 1 : null),
        text: () => say(`analytics.${reason}`),
        colour: 'line' as const,
        pattern: bands[reason]
      }))
    ]
  }), [series, counts, currency, interval, say, number])
  const columns: Array<Column<MarketPoint>> = [
    { name: 'start', value: ({ start }) => start, shown: { label: say('analytics.column.delivery'), cell: ({ start }) => interval.full(start) } },
    { name: 'trades', value: ({ trades }) => trades, shown: { label: say('analytics.column.agreements'), cell: ({ trades }) => number.count(trades) } },
    { name: 'amountKWh', value: ({ amount }) => amount, shown: { label: say('analytics.column.volume'), cell: ({ amount }) => number.energy(amount) } },
    { name: 'pricePerKWh', value: ({ vwap }) => vwap, shown: { label: say('analytics.column.price'), cell: ({ vwap }) => number.price(vwap, currency) } },
    { name: 'suppressed', value: ({ reason }) => reason ?? null, shown: { label: say('analytics.column.note'), cell: ({ reason }) => reason === undefined ? '' : say(`analytics.${reason}`) } },
    { name: 'currency', value: () => currency }
  ]
  const [energy, price] = [number.energy(totals.amount), number.price(totals.vwap, currency)]
  return (
    <Figure
      title={say('analytics.marketTitle')} hint={[say('analytics.marketHint'), ...granularity === 'day' ? [say('analytics.marketDaysHint')] : []].join(' ')}
      {...{ drawing, columns }} rows={series} keyOf={({ start }) => start} fileName={fileNameOf('market', market)} height='min-h-96'
      label={say('analytics.marketLabel', { energy, price, withheld: number.count(series.length - totals.shown) })}
      nothing={totals.shown === 0 ? <Nothing>{say('analytics.withheld')}</Nothing> : undefined}
      note={(
        <div className='flex flex-col gap-1.5 text-sm text-muted'>
          {totals.shown > 0 && <p className='font-medium text-ink'>{say('analytics.marketTotals', { energy, price, count: totals.trades })}</p>}
          {reasons.filter(reason => counts[reason] > 0).map(reason => <p key={reason}>{say(`analytics.${reason}Count`, { count: counts[reason] })}</p>)}
          <p>{say('analytics.rules', { sellers: number.count(rules.sellers), buyers: number.count(rules.buyers), trades: number.count(rules.trades), hours: number.count(rules.delayHours) })}</p>
        </div>
      )}
    />
  )
}

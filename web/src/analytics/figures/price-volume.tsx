import type { AnalyticsPoint } from 'equilux-chat-client/analytics'
import { useMemo } from 'react'
import type { Drawing, Series } from '../chart/drawing.js'
import type { Column } from '../figure/column.js'
import { Figure } from '../figure/figure.js'
import { Nothing } from '../figure/nothing.js'
import { useNumberText, type NumberText } from '../use-number-text.js'
import { useSay } from '../words.js'
import { fileNameOf, labelsOf, type OwnFigureProps } from './own-figure.js'

const looks = {
  sold: { bar: { colour: 'accent', pattern: 'solid' }, line: { colour: 'ink' } },
  bought: { bar: { colour: 'warn', pattern: 'diagonal' }, line: { colour: 'warn', isDashed: true } }
} as const satisfies Record<Direction, { bar: Partial<Series>, line: Partial<Series> }>

type Direction = 'sold' | 'bought'

/** How much was traded, and at which price, by when it is delivered. */
export function PriceVolume ({ figures, side, interval }: OwnFigureProps) {
  const say = useSay()
  const number = useNumberText()
  const { series, totals, currency } = figures
  const directions = useMemo(() => side === undefined ? ['sold', 'bought'] as const : [side === 'sell' ? 'sold' as const : 'bought' as const], [side])
  const drawing = useMemo<Drawing>(() => ({
    labels: labelsOf(series, interval),
    axis: { title: say('analytics.axis.energy'), tick: number.tick },
    second: { title: say('analytics.axis.price'), tick: value => number.priceTick(value, currency), isFree: true },
    series: [
      ...directions.map(direction => ({
        kind: 'bar' as const,
        label: say(`analytics.${direction}`),
        values: series.map(point => Number(point[direction].amount)),
        text: (index: number) => number.energy(series[index]?.[direction].amount ?? null),
        ...looks[direction].bar
      })),
      ...directions.map(direction => ({
        kind: 'line' as const,
        axis: 'second' as const,
        label: say(`analytics.column.${direction}Price`),
        values: series.map(({ [direction]: { vwap } }) => vwap === null ? null : Number(vwap)),
        text: (index: number) => number.price(series[index]?.[direction].vwap ?? null, currency),
        ...looks[direction].line
      }))
    ]
  }), [series, currency, directions, interval, say, number])
  const columns: Array<Column<AnalyticsPoint>> = [
    { name: 'start', value: ({ start }) => start, shown: { label: say('analytics.column.delivery'), cell: ({ start }) => interval.full(start) } },
    ...directions.flatMap(direction => columnsOf(direction, currency, say, number)),
    { name: 'currency', value: () => currency }
  ]
  return (
    <Figure
      title={say('analytics.priceVolume')} hint={say('analytics.priceVolumeHint')} fileName={fileNameOf('price-and-volume', figures)}
      {...{ drawing, columns }} rows={series} keyOf={({ start }) => start} isQuiet={({ sold, bought }) => sold.trades + bought.trades === 0} height='min-h-80'
      label={say('analytics.priceVolumeLabel', {
        sold: number.energy(totals.sold.amount),
        soldPrice: number.price(totals.sold.vwap, currency),
        bought: number.energy(totals.bought.amount),
        boughtPrice: number.price(totals.bought.vwap, currency)
      })}
      nothing={totals.sold.trades + totals.bought.trades === 0 ? <Nothing>{say('analytics.noneDelivered')}</Nothing> : undefined}
    />
  )
}

function columnsOf (direction: Direction, currency: string, say: ReturnType<typeof useSay>, number: NumberText): Array<Column<AnalyticsPoint>> {
  return [
    { name: `${direction}Trades`, value: point => point[direction].trades },
    { name: `${direction}AmountKWh`, value: point => point[direction].amount, shown: { label: say(`analytics.${direction}`), cell: point => number.energy(point[direction].amount) } },
    {
      name: `${direction}Value`,
      value: point => point[direction].value,
      shown: { label: say(direction === 'sold' ? 'analytics.column.proceeds' : 'analytics.column.cost'), cell: point => number.money(point[direction].value, currency) }
    },
    { name: `${direction}PricePerKWh`, value: point => point[direction].vwap, shown: { label: say(`analytics.column.${direction}Price`), cell: point => number.price(point[direction].vwap, currency) } }
  ]
}

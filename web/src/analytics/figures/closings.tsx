import type { AnalyticsPoint } from 'equilux-chat-client/analytics'
import { useMemo } from 'react'
import { useText } from '../../i18n/index.js'
import type { Drawing } from '../chart/drawing.js'
import type { Column } from '../figure/column.js'
import { Figure } from '../figure/figure.js'
import { Nothing } from '../figure/nothing.js'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'
import { closedIn, outcomeLooks, outcomes } from './outcomes.js'
import { fileNameOf, labelsOf, type OwnFigureProps } from './own-figure.js'

/** How many negotiations closed in each interval, by how. */
export function Closings ({ figures, interval }: OwnFigureProps) {
  const text = useText()
  const say = useSay()
  const number = useNumberText()
  const { series, totals } = figures
  const drawing = useMemo<Drawing>(() => ({
    labels: labelsOf(series, interval),
    axis: { title: say('analytics.axis.negotiations'), tick: number.tick, isCount: true },
    isStacked: true,
    series: outcomes.map(outcome => ({
      kind: 'bar',
      label: text(`trades.status.${outcome}`),
      values: series.map(({ [outcome]: count }) => count),
      text: index => number.count(series[index]?.[outcome] ?? null),
      ...outcomeLooks[outcome]
    }))
  }), [series, interval, text, say, number])
  const columns: Array<Column<AnalyticsPoint>> = [
    { name: 'start', value: ({ start }) => start, shown: { label: say('analytics.column.interval'), cell: ({ start }) => interval.full(start) } },
    { name: 'opened', value: ({ opened }) => opened, shown: { label: say('analytics.column.opened'), cell: ({ opened }) => number.count(opened) } },
    ...outcomes.map(outcome => ({
      name: outcome,
      value: (point: AnalyticsPoint) => point[outcome],
      shown: { label: text(`trades.status.${outcome}`), cell: (point: AnalyticsPoint) => number.count(point[outcome]) }
    })),
    { name: 'acceptanceRate', value: ({ acceptanceRate }) => acceptanceRate, shown: { label: say('analytics.acceptanceRate'), cell: ({ acceptanceRate }) => number.rate(acceptanceRate) } }
  ]
  const isQuiet = (point: AnalyticsPoint) => closedIn(point) + point.opened === 0
  return (
    <Figure
      title={say('analytics.closings')} hint={say('analytics.closingsHint')} fileName={fileNameOf('closings', figures)}
      {...{ drawing, columns, isQuiet }} rows={series} keyOf={({ start }) => start}
      label={say('analytics.closingsLabel', Object.fromEntries(outcomes.map(outcome => [outcome, number.count(totals[outcome])])))}
      nothing={closedIn(totals) === 0 ? <Nothing>{say('analytics.noneClosed')}</Nothing> : undefined}
    />
  )
}

import type { AnalyticsPoint } from 'equilux-chat-client/analytics'
import { useMemo } from 'react'
import type { Drawing } from '../chart/drawing.js'
import type { Column } from '../figure/column.js'
import { Figure } from '../figure/figure.js'
import { Nothing } from '../figure/nothing.js'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'
import { fileNameOf, labelsOf, type OwnFigureProps } from './own-figure.js'

/** How far agreed prices lie from those that negotiations began with. */
export function Spread ({ figures, interval }: OwnFigureProps) {
  const say = useSay()
  const number = useNumberText()
  const { series, totals } = figures
  const drawing = useMemo<Drawing>(() => ({
    labels: labelsOf(series, interval),
    axis: { title: say('analytics.axis.spread'), tick: number.percentTick },
    series: [{
      kind: 'bar',
      label: say('analytics.column.spread'),
      // In percent.
      values: series.map(({ meanSpreadBps: bps }) => bps === null ? null : bps / 100),
      text: index => number.spread(series[index]?.meanSpreadBps ?? null),
      colour: 'accent',
      pattern: 'diagonal'
    }]
  }), [series, interval, say, number])
  const columns: Array<Column<AnalyticsPoint>> = [
    { name: 'start', value: ({ start }) => start, shown: { label: say('analytics.column.interval'), cell: ({ start }) => interval.full(start) } },
    { name: 'accepted', value: ({ accepted }) => accepted, shown: { label: say('analytics.column.agreements'), cell: ({ accepted }) => number.count(accepted) } },
    { name: 'meanSpreadBps', value: ({ meanSpreadBps }) => meanSpreadBps, shown: { label: say('analytics.column.spread'), cell: ({ meanSpreadBps }) => number.spread(meanSpreadBps) } },
    { name: 'meanRevisions', value: ({ meanRevisions }) => meanRevisions, shown: { label: say('analytics.column.revisions'), cell: ({ meanRevisions }) => number.mean(meanRevisions) } },
    { name: 'meanSecondsToAgreement', value: ({ meanSecondsToAgreement }) => meanSecondsToAgreement }
  ]
  return (
    <Figure
      title={say('analytics.spread')} hint={say('analytics.spreadHint')} fileName={fileNameOf('spread', figures)}
      {...{ drawing, columns }} rows={series} keyOf={({ start }) => start} isQuiet={({ accepted }) => accepted === 0}
      label={say('analytics.spreadLabel', { spread: number.spread(totals.meanSpreadBps) })}
      nothing={totals.meanSpreadBps === null ? <Nothing>{say('analytics.noneAgreed')}</Nothing> : undefined}
    />
  )
}

import { useMemo } from 'react'
import type { Drawing } from '../chart/drawing.js'
import type { Column } from '../figure/column.js'
import { Figure } from '../figure/figure.js'
import { Nothing } from '../figure/nothing.js'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'
import { agreementClasses } from './agreement-classes.js'
import { fileNameOf, type OwnFigureProps } from './own-figure.js'
import { useMedianText } from './use-median-text.js'

interface Row {
  /** In seconds; the last class has no end. */
  over: number
  atMost: number | null
  count: number
  /** Of all agreements. */
  share: number | null
}

/** How many agreements took how long. */
export function TimeToAgreement ({ figures }: OwnFigureProps) {
  const say = useSay()
  const number = useNumberText()
  const medianText = useMedianText()
  const { totals } = figures
  const rows = useMemo(() => rowsOf(totals.agreementTimes), [totals])
  const timeText = useMemo(() => ({ over, atMost }: Row, display: 'long' | 'short' = 'long') => atMost === null
    ? say('analytics.over', { time: number.duration(over, display) })
    : say('analytics.upTo', { time: number.duration(atMost, display) }), [say, number])
  const drawing = useMemo<Drawing>(() => ({
    labels: rows.map(row => ({ short: timeText(row, 'short'), full: timeText(row) })),
    axis: { title: say('analytics.axis.agreements'), tick: number.tick, isCount: true },
    series: [{
      kind: 'bar', label: say('analytics.column.agreements'), values: rows.map(({ count }) => count), text: index => number.count(rows[index]?.count ?? null), colour: 'accent', pattern: 'solid'
    }]
  }), [rows, timeText, say, number])
  const columns: Array<Column<Row>> = [
    { name: 'overSeconds', value: ({ over }) => over },
    { name: 'atMostSeconds', value: ({ atMost }) => atMost, shown: { label: say('analytics.column.time'), cell: row => timeText(row) } },
    { name: 'accepted', value: ({ count }) => count, shown: { label: say('analytics.column.agreements'), cell: ({ count }) => number.count(count) } },
    { name: 'share', value: ({ share }) => share, shown: { label: say('analytics.column.share'), cell: ({ share }) => number.rate(share) } }
  ]
  return (
    <Figure
      title={say('analytics.times')} hint={say('analytics.timesHint')} fileName={fileNameOf('time-to-agreement', figures)}
      {...{ drawing, columns, rows }} keyOf={({ over }) => String(over)} label={say('analytics.timesLabel', { median: medianText(totals) })}
      nothing={totals.accepted === 0 ? <Nothing>{say('analytics.noneAgreed')}</Nothing> : undefined}
    />
  )
}

function rowsOf (counts: readonly number[]): Row[] {
  const sum = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count, index) => ({
    over: agreementClasses[index - 1] ?? 0, atMost: agreementClasses[index] ?? null, count, share: sum === 0 ? null : Math.round(count / sum * 10_000) / 10_000
  }))
}

import { useMemo } from 'react'
import type { Drawing } from '../analytics/chart/drawing.js'
import type { Column } from '../analytics/figure/column.js'
import { Figure } from '../analytics/figure/figure.js'
import { Nothing } from '../analytics/figure/nothing.js'
import { useMedianText } from '../analytics/figures/use-median-text.js'
import { closedIn, outcomeLooks, outcomes } from '../analytics/figures/outcomes.js'
import { fileNameOf, labelsOf } from '../analytics/figures/own-figure.js'
import { useIntervalText } from '../analytics/use-interval-text.js'
import { useNumberText } from '../analytics/use-number-text.js'
import { useSay as useAnalyticsSay } from '../analytics/words.js'
import { useText } from '../i18n/index.js'
import type { OperatorAnalytics } from './use-figures.js'
import { useSay } from './words.js'

type Day = OperatorAnalytics['days'][number]

/** How negotiations ended each day, and how many users made a move. */
export function DaysFigure ({ figures }: { figures: OperatorAnalytics }) {
  const text = useText()
  const say = useSay()
  const sayAnalytics = useAnalyticsSay()
  const number = useNumberText()
  const medianText = useMedianText()
  const interval = useIntervalText('day', 'UTC', false)
  const { days, totals, currency } = figures
  const drawing = useMemo<Drawing>(() => ({
    labels: labelsOf(days, interval),
    axis: { title: sayAnalytics('analytics.axis.negotiations'), tick: number.tick, isCount: true },
    second: { title: say('operator.traders'), tick: number.tick, isCount: true },
    isStacked: true,
    series: [
      ...outcomes.map(outcome => ({
        kind: 'bar' as const,
        label: text(`trades.status.${outcome}`),
        values: days.map(({ [outcome]: count }) => count),
        text: (index: number) => number.count(days[index]?.[outcome] ?? null),
        ...outcomeLooks[outcome]
      })),
      {
        kind: 'line',
        axis: 'second',
        label: say('operator.traders'),
        values: days.map(({ activeTraders }) => activeTraders),
        text: index => number.count(days[index]?.activeTraders ?? null),
        colour: 'ink',
        isDashed: true
      }
    ]
  }), [days, interval, text, say, sayAnalytics, number])
  const count = (name: 'opened' | 'activeTraders' | typeof outcomes[number], label: string): Column<Day> =>
    ({ name, value: ({ [name]: count }) => count, shown: { label, cell: ({ [name]: count }) => number.count(count) } })
  const columns: Array<Column<Day>> = [
    { name: 'start', value: ({ start }) => start, shown: { label: say('operator.day'), cell: ({ start }) => interval.full(start) } },
    count('opened', say('operator.opened')),
    ...outcomes.map(outcome => count(outcome, text(`trades.status.${outcome}`))),
    { name: 'acceptanceRate', value: ({ acceptanceRate }) => acceptanceRate, shown: { label: sayAnalytics('analytics.acceptanceRate'), cell: ({ acceptanceRate }) => number.rate(acceptanceRate) } },
    { name: 'medianSecondsAtMost', value: ({ medianTimeToAgreement }) => medianTimeToAgreement?.atMost ?? null, shown: { label: sayAnalytics('analytics.medianTime'), cell: medianText } },
    { name: 'meanSecondsToAgreement', value: ({ meanSecondsToAgreement }) => meanSecondsToAgreement },
    { name: 'meanRevisions', value: ({ meanRevisions }) => meanRevisions, shown: { label: sayAnalytics('analytics.column.revisions'), cell: ({ meanRevisions }) => number.mean(meanRevisions) } },
    { name: 'meanSpreadBps', value: ({ meanSpreadBps }) => meanSpreadBps, shown: { label: sayAnalytics('analytics.column.spread'), cell: ({ meanSpreadBps }) => number.spread(meanSpreadBps) } },
    count('activeTraders', say('operator.traders')),
    { name: 'currency', value: () => currency }
  ]
  return (
    <Figure
      title={say('operator.days')} hint={say('operator.daysHint')} fileName={fileNameOf('operator', figures)}
      {...{ drawing, columns }} rows={days} keyOf={({ start }) => start} isQuiet={day => closedIn(day) + day.opened === 0} height='h-96'
      label={say('operator.daysLabel', {
        opened: number.count(totals.opened), traders: number.count(mostTraders(figures)), ...Object.fromEntries(outcomes.map(outcome => [outcome, number.count(totals[outcome])]))
      })}
      nothing={closedIn(totals) + totals.opened === 0 ? <Nothing>{say('operator.none')}</Nothing> : undefined}
    />
  )
}

/** On one day: who comes on two days can't be told from two. */
export function mostTraders ({ days }: Pick<OperatorAnalytics, 'days'>): number {
  return Math.max(0, ...days.map(({ activeTraders }) => activeTraders))
}

import type { ChartConfiguration, ChartDataset, ChartOptions } from 'chart.js'
import type { Axis, Drawing, Series } from './drawing.js'
import { fillOf } from './pattern.js'
import type { Look } from './use-look.js'

type Kind = 'bar' | 'line'
type Value = number | null
type Scales = NonNullable<ChartOptions<Kind>['scales']>

/** With more than these there is no room for what stands out around each. */
const manyBars = 62

/** A drawing as Chart.js takes it. From right to left everything is mirrored. */
export function configOf (drawing: Drawing, look: Look): ChartConfiguration<Kind, Value[], string> {
  const { labels, series, isHorizontal = false } = drawing
  const font = { family: look.font, size: 12 }
  return {
    type: 'bar',
    data: { labels: labels.map(({ short }) => short), datasets: series.map(one => datasetOf(one, drawing, look)) },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: look.isStill ? false : { duration: 350 },
      locale: look.locale,
      indexAxis: isHorizontal ? 'y' : 'x',
      interaction: { mode: 'index', axis: isHorizontal ? 'y' : 'x', intersect: false },
      font,
      color: look.colours.ink,
      scales: scalesOf(drawing, look),
      plugins: {
        legend: {
          display: series.length > 1,
          position: 'bottom',
          rtl: look.isRtl,
          textDirection: look.isRtl ? 'rtl' : 'ltr',
          // By a click one could hide a series, but not by a key.
          onClick: () => {},
          labels: { color: look.colours.ink, font, boxHeight: 10, padding: 14, usePointStyle: true, sort: (one, other) => (one.datasetIndex ?? 0) - (other.datasetIndex ?? 0) }
        },
        tooltip: {
          rtl: look.isRtl,
          textDirection: look.isRtl ? 'rtl' : 'ltr',
          backgroundColor: look.colours.ink,
          titleColor: look.colours.raised,
          bodyColor: look.colours.raised,
          titleFont: font,
          bodyFont: font,
          padding: 10,
          displayColors: false,
          filter: ({ raw }) => raw !== null,
          callbacks: {
            // The exact numbers, as they are in the table.
            title: ([item]) => item === undefined ? '' : labels[item.dataIndex]?.full ?? '',
            label: ({ datasetIndex, dataIndex }) => {
              const shown = series[datasetIndex]
              return shown === undefined ? '' : shown.axis === 'none' ? shown.text(dataIndex) : `${shown.label}: ${shown.text(dataIndex)}`
            }
          }
        }
      }
    }
  }
}

function datasetOf (series: Series, { isHorizontal = false, isStacked = false }: Drawing, look: Look): ChartDataset<Kind, Value[]> {
  const { label, kind, values, colour, pattern = 'solid', isDashed = false, axis } = series
  const paint = look.colours[colour]
  // What has the lowest order is drawn last, above the others.
  const scale = { [isHorizontal ? 'xAxisID' : 'yAxisID']: axis ?? 'first', order: kind === 'line' ? 0 : axis === 'none' ? 2 : 1 }
  const common = { label, data: [...values], ...scale }
  if (kind === 'line') {
    return {
      ...common,
      type: 'line',
      borderColor: paint,
      backgroundColor: look.colours.raised,
      pointBackgroundColor: isDashed ? look.colours.raised : paint,
      borderWidth: look.isNarrow ? 1.5 : 2,
      borderDash: isDashed ? [6, 4] : [],
      pointStyle: isDashed ? 'triangle' : 'circle',
      pointRadius: ({ dataIndex }) => hasPoint(values, dataIndex, look) ? (isDashed ? 4 : 3) : 0,
      pointHoverRadius: 6
    }
  }
  return {
    ...common,
    type: 'bar',
    backgroundColor: fillOf(pattern, paint),
    borderColor: paint,
    borderWidth: axis === 'none' || pattern === 'solid' || values.length > manyBars ? 0 : 1,
    pointStyle: 'rectRounded',
    ...axis === 'none' && { categoryPercentage: 1, barPercentage: 1, grouped: false },
    ...isHorizontal ? { maxBarThickness: 22 } : { maxBarThickness: 48 },
    ...isStacked && { stack: 'all' }
  }
}

/** Where there are many a point each would hide the line; one between two gaps shows nevertheless. */
function hasPoint (values: readonly Value[], index: number, { isNarrow }: Look): boolean {
  const isGap = (index: number) => (values[index] ?? null) === null
  return values.length <= (isNarrow ? 15 : manyBars) || (isGap(index - 1) && isGap(index + 1))
}

function scalesOf ({ axis, second, series, isStacked = false, isHorizontal = false, labels }: Drawing, look: Look): Scales {
  const ticks = { color: look.colours.muted, font: { family: look.font, size: 11 } }
  const [start, end] = look.isRtl ? ['right', 'left'] as const : ['left', 'right'] as const
  const across = isHorizontal ? 'y' as const : 'x' as const
  const along = isHorizontal ? 'x' as const : 'y' as const
  const valueScale = ({ title, tick, isCount = false, isFree = false }: Axis, isSecond: boolean): Scales[string] => ({
    type: 'linear',
    axis: along,
    position: isHorizontal ? 'bottom' : isSecond ? end : start,
    reverse: isHorizontal && look.isRtl,
    stacked: isStacked,
    beginAtZero: !isFree,
    grace: isFree ? '10%' : 0,
    title: { display: !look.isNarrow, text: title, ...ticks, padding: 4 },
    ticks: { ...ticks, callback: value => tick(Number(value)), maxTicksLimit: 7, ...isCount && { precision: 0 } },
    grid: { color: look.colours.line, drawOnChartArea: !isSecond, drawTicks: false },
    border: { display: false }
  })
  return {
    [across]: {
      type: 'category',
      axis: across,
      position: isHorizontal ? start : 'bottom',
      reverse: !isHorizontal && look.isRtl,
      stacked: isStacked,
      // Where some of the labels say all that there is to say the others are left out; and then as many as there is no room for.
      afterBuildTicks: scale => { if (labels.some(({ isMajor }) => isMajor)) scale.ticks = scale.ticks.filter(({ value }) => labels[value]?.isMajor) },
      ticks: {
        ...ticks,
        autoSkip: !isHorizontal && labels.length > 8,
        maxRotation: labels.length > 8 ? 0 : 45,
        autoSkipPadding: 14,
        callback: value => isHorizontal ? shortened(labels[Number(value)]?.short ?? '', look) : labels[Number(value)]?.short ?? ''
      },
      grid: { display: false },
      border: { color: look.colours['line-strong'] }
    },
    first: valueScale(axis, false),
    ...second !== undefined && { second: valueScale(second, true) },
    ...series.some(({ axis }) => axis === 'none') && { none: { type: 'linear', axis: along, display: false, min: 0, max: 1 } }
  }
}

/** A name leaves room for the bars. */
function shortened (name: string, { isNarrow }: Look): string {
  const letters = Array.from(name)
  const most = isNarrow ? 12 : 24
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join('')}…`
}

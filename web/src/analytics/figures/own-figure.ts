import type { Analytics } from 'equilux-chat-client/analytics'
import type { Label } from '../chart/drawing.js'
import type { IntervalText } from '../use-interval-text.js'

/** What a chart of the reader's own trades is made of. */
export interface OwnFigureProps {
  figures: Analytics
  /** What the reader does, where only that is shown. */
  side: 'sell' | 'buy' | undefined
  interval: IntervalText
}

/** What a download of such figures is called, without its ending. */
export function fileNameOf (what: string, { from, to }: { from: string, to: string }): string {
  return `${what}-${from.slice(0, 10)}-${to.slice(0, 10)}`
}

/** What the intervals are called at an axis. */
export function labelsOf (series: ReadonlyArray<{ start: string }>, { short, full, isMajor }: IntervalText): Label[] {
  return series.map(({ start }) => ({ short: short(start), full: full(start), isMajor: isMajor(start) }))
}

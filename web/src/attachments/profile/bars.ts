/** As many bars as can be told apart on a phone. */
const maxBars = 96
/** How high the chart is, in its own units; a bar is one wide. */
export const chartHeight = 100

/** Values as bars: one each, or where there are too many the means of as many in a row. */
export function barsOf (values: readonly number[]): number[] {
  const each = Math.ceil(values.length / maxBars)
  return Array.from({ length: Math.ceil(values.length / each) }, (_, bar) => {
    const part = values.slice(bar * each, (bar + 1) * each)
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })
}

/** The path of bars in an SVG, and how high above its bottom zero is. What is below zero hangs down. */
export function pathOf (bars: readonly number[]): { path: string, zero: number } {
  const top = Math.max(0, ...bars)
  const bottom = Math.min(0, ...bars)
  const range = top - bottom || 1
  const y = (value: number) => round((top - value) / range * chartHeight)
  return { path: bars.map((value, bar) => `M${bar + 0.1} ${y(0)}V${y(value)}h.8V${y(0)}z`).join(''), zero: y(0) }
}

function round (length: number): number {
  return Math.round(length * 100) / 100
}

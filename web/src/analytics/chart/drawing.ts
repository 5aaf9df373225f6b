/** Colours of the theme that charts use. */
export const colours = ['ink', 'muted', 'line', 'line-strong', 'raised', 'accent', 'accent-strong', 'warn', 'good', 'bad'] as const
export type Colour = typeof colours[number]

/** How an area is filled besides its colour: whoever can't tell colours apart goes by this. */
export type Pattern = 'solid' | 'diagonal' | 'dots' | 'lines' | 'empty'

/** What a series of numbers looks like. */
export interface Series {
  label: string
  kind: 'bar' | 'line'
  /** One for each interval, to be drawn only; null is a gap. */
  values: ReadonlyArray<number | null>
  /** What is said of one, exactly. */
  text: (index: number) => string
  colour: Colour
  pattern?: Pattern
  /** Of a line, else it is solid with round points. */
  isDashed?: boolean
  /** Whether it goes by the second axis, or by none: then a value of 1 is as high as the chart. */
  axis?: 'second' | 'none'
}

export interface Axis {
  title: string
  tick: (value: number) => string
  /** Whether there is nothing between whole numbers. */
  isCount?: boolean
  /** Whether it need not begin at zero. */
  isFree?: boolean
}

export interface Label {
  /** At the axis. */
  short: string
  full: string
  /** Whether it is one of those by which the others are told: where there are such, only they stand at the axis. */
  isMajor?: boolean
}

/** What a chart shows, whatever draws it. */
export interface Drawing {
  /** Of the intervals, or whatever else the numbers belong to. */
  labels: readonly Label[]
  series: readonly Series[]
  axis: Axis
  second?: Axis
  isStacked?: boolean
  /** With bars that lie, for labels that are long. */
  isHorizontal?: boolean
}

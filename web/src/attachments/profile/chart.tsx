import { useMemo } from 'react'
import { barsOf, chartHeight, pathOf } from './bars.js'
import type { Profile } from './read-profile.js'

/** The shape of a profile. What it says is said in words and numbers beside it, so that nobody has to see it. Time goes from left to right, whatever the language. */
export function Chart ({ profile: { readings }, className }: { profile: Profile, className: string }) {
  const bars = useMemo(() => barsOf(readings.map(({ value }) => value)), [readings])
  const { path, zero } = useMemo(() => pathOf(bars), [bars])
  return (
    <svg aria-hidden viewBox={`0 0 ${bars.length} ${chartHeight}`} preserveAspectRatio='none' className={className}>
      <path d={path} className='fill-accent' />
      <line x1={0} x2={bars.length} y1={zero} y2={zero} vectorEffect='non-scaling-stroke' className='stroke-line-strong' />
    </svg>
  )
}

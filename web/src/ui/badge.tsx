import type { ReactNode } from 'react'
import { classes } from './classes.js'

const tones = {
  neutral: 'bg-sunken text-ink',
  accent: 'bg-accent text-on-accent',
  good: 'bg-good-soft text-good',
  bad: 'bg-bad-soft text-bad',
  warn: 'bg-warn-soft text-warn'
}

/** A count or a word that stands out. */
export function Badge ({ tone = 'neutral', children }: { tone?: keyof typeof tones, children: ReactNode }) {
  return (
    <span className={classes('inline-flex min-h-5 min-w-5 shrink-0 items-center justify-center rounded-full px-2 text-xs font-semibold whitespace-nowrap tabular-nums', tones[tone])}>
      {children}
    </span>
  )
}

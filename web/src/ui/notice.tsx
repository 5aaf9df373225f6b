import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.js'

const tones = {
  info: { icon: Info, look: 'border-line bg-raised text-ink' },
  good: { icon: CircleCheck, look: 'border-good/40 bg-good-soft text-good' },
  warn: { icon: TriangleAlert, look: 'border-warn/40 bg-warn-soft text-warn' },
  bad: { icon: CircleAlert, look: 'border-bad/40 bg-bad-soft text-bad' }
}

/** Something the reader should know here; what is bad is said aloud at once. */
export function Notice ({ tone = 'info', children }: { tone?: keyof typeof tones, children: ReactNode }) {
  const { icon: Icon, look } = tones[tone]
  return (
    <div role={tone === 'bad' ? 'alert' : 'status'} className={classes('flex items-start gap-3 rounded-lg border px-4 py-3 text-sm', look)}>
      <Icon aria-hidden className='mt-0.5 size-4 shrink-0' />
      <div className='min-w-0 flex-1'>{children}</div>
    </div>
  )
}

import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../ui/index.js'

/** A line above the view, of something that concerns all of them. */
export function Banner ({ icon: Icon, tone, children, actions }: { icon: LucideIcon, tone: 'warn' | 'bad' | 'info', children: ReactNode, actions?: ReactNode }) {
  const looks = { warn: 'bg-warn-soft text-warn', bad: 'bg-bad-soft text-bad', info: 'bg-accent-soft text-ink' }
  return (
    <div className={classes('flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5 text-sm', looks[tone])}>
      <Icon aria-hidden className='size-4 shrink-0' />
      <div role='status' className='min-w-0 flex-1 py-1'>{children}</div>
      {actions !== undefined && <div className='flex flex-wrap gap-2'>{actions}</div>}
    </div>
  )
}

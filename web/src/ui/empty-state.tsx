import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

/** What is shown where there is nothing yet: what would be here, and what to do about it. */
export function EmptyState ({ title, icon: Icon, children }: { title: string, icon?: LucideIcon, children?: ReactNode }) {
  return (
    <div className='m-auto flex max-w-sm flex-col items-center gap-3 p-8 text-center'>
      {Icon !== undefined && <span className='rounded-full bg-accent-soft p-4 text-accent'><Icon aria-hidden className='size-8' strokeWidth={1.5} /></span>}
      <h2 className='text-lg font-semibold text-ink'>{title}</h2>
      <div className='flex flex-col items-center gap-3 text-sm text-muted'>{children}</div>
    </div>
  )
}

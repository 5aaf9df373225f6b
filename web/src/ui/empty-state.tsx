import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyStateProps {
  title: string
  icon?: LucideIcon
  /** Whether the page is about nothing else. */
  isPage?: boolean
  children?: ReactNode
}

/** What is shown where there is nothing yet: what would be here, and what to do about it. */
export function EmptyState ({ title, icon: Icon, isPage = false, children }: EmptyStateProps) {
  const Heading = isPage ? 'h1' : 'h2'
  return (
    <div className='m-auto flex max-w-sm flex-col items-center gap-3 p-8 text-center'>
      {Icon !== undefined && <span className='rounded-full bg-accent-soft p-4 text-accent'><Icon aria-hidden className='size-8' strokeWidth={1.5} /></span>}
      <Heading className='text-lg font-semibold text-ink'>{title}</Heading>
      <div className='flex flex-col items-center gap-3 text-sm text-muted'>{children}</div>
    </div>
  )
}

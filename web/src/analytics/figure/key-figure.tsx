import type { ReactNode } from 'react'

/** A number that is looked at first: within a list of definitions. @param more what is said below it */
export function KeyFigure ({ name, value, more }: { name: string, value: ReactNode, more?: ReactNode }) {
  return (
    <div className='flex min-w-0 flex-col gap-0.5 rounded-2xl border border-line bg-raised px-3 py-3 sm:px-4 sm:py-3.5'>
      <dt className='text-sm text-muted'>{name}</dt>
      <dd className='text-base font-semibold tracking-tight wrap-anywhere tabular-nums sm:text-2xl'>{value}</dd>
      {more !== undefined && <dd className='text-sm text-muted wrap-anywhere tabular-nums'>{more}</dd>}
    </div>
  )
}

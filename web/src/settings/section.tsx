import type { ReactNode } from 'react'

/** Settings that belong together. */
export function Section ({ title, children }: { title: string, children: ReactNode }) {
  return (
    <section className='flex flex-col gap-5 rounded-2xl border border-line bg-raised p-5'>
      <h2 className='font-semibold'>{title}</h2>
      {children}
    </section>
  )
}

import type { ReactNode } from 'react'

/** What will happen, a sentence each. */
export function Points ({ children }: { children: readonly ReactNode[] }) {
  return <ul className='flex list-disc flex-col gap-2 ps-5 text-sm marker:text-muted'>{children.map((point, index) => <li key={index}>{point}</li>)}</ul>
}

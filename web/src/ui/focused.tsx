import { useEffect, useRef, type ReactNode } from 'react'

/** Takes the focus as it comes, in place of something that had it and is gone: it is read aloud, and the keyboard goes on from here. */
export function Focused ({ className, children }: { className?: string, children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return <div ref={place} tabIndex={-1} className={className}>{children}</div>
}

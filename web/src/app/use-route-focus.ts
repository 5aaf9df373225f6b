import { useEffect, useRef, type RefObject } from 'react'
import { useLocation } from 'wouter'

/** Moves the focus into the view that has just come, unless that has it already: so it is read aloud, and the keyboard goes on from there. */
export function useRouteFocus (): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null)
  const [path] = useLocation()
  const view = path.split('/')[1]
  const shown = useRef(view)
  useEffect(() => {
    if (shown.current === view) return
    shown.current = view
    if (main.current?.contains(document.activeElement) !== true) main.current?.focus()
  }, [view])
  return main
}

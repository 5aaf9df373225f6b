import type { LucideIcon } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { IconButton } from './icon-button.js'
import type { MenuAction } from './menu-popover.js'

export type { MenuAction } from './menu-popover.js'

// What it opens is larger than most views: they needn't wait for it.
const MenuPopover = lazy(async () => await import('./menu-popover.js'))

interface MenuProps {
  label: string
  icon: LucideIcon
  actions: readonly MenuAction[]
}

/** A button with an icon, behind which there are things to do. */
export function Menu ({ label, icon, actions }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton ref={button} {...{ label, icon }} aria-haspopup='menu' aria-expanded={isOpen} onPress={() => setOpen(true)} />
      {isOpen && <Suspense><MenuPopover {...{ label, actions, button }} onClose={() => setOpen(false)} /></Suspense>}
    </>
  )
}

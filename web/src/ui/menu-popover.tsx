import type { LucideIcon } from 'lucide-react'
import type { RefObject } from 'react'
import { Menu as AriaMenu, MenuItem as AriaMenuItem } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { classes } from './classes.js'

export interface MenuAction {
  id: string
  label: string
  icon: LucideIcon
  /** For what others may take ill. */
  isGrave?: boolean
  onAction: () => void
}

interface Props {
  label: string
  actions: readonly MenuAction[]
  button: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

/** What a menu's button opens. */
export default function MenuPopover ({ label, actions, button, onClose }: Props) {
  return (
    <Popover aria-label={label} isOpen onOpenChange={onClose} triggerRef={button} placement='bottom end' className='min-w-56 rounded-lg border border-line bg-raised p-1 shadow-lg'>
      <AriaMenu aria-label={label} autoFocus='first' items={actions} onClose={onClose} className='max-h-96 overflow-auto outline-none'>
        {({ id, label, icon: Icon, isGrave = false, onAction }) => (
          <AriaMenuItem
            id={id} textValue={label} onAction={onAction}
            className={classes('flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-3 py-2 text-sm outline-none hover:bg-sunken focus:bg-accent-soft', isGrave ? 'text-bad' : 'text-ink')}
          >
            <Icon aria-hidden className='size-4 shrink-0' />{label}
          </AriaMenuItem>
        )}
      </AriaMenu>
    </Popover>
  )
}

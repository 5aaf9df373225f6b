import type { LucideIcon } from 'lucide-react'
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { classes } from './classes.js'
import { IconButton } from './icon-button.js'

export interface MenuAction {
  id: string
  label: string
  icon: LucideIcon
  /** For what others may take ill. */
  isGrave?: boolean
  onAction: () => void
}

/** A button with an icon, behind which there are things to do. */
export function Menu ({ label, icon, actions }: { label: string, icon: LucideIcon, actions: readonly MenuAction[] }) {
  return (
    <MenuTrigger>
      <IconButton {...{ label, icon }} />
      <Popover placement='bottom end' className='min-w-56 rounded-lg border border-line bg-raised p-1 shadow-lg'>
        <AriaMenu items={actions} className='max-h-96 overflow-auto outline-none'>
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
    </MenuTrigger>
  )
}

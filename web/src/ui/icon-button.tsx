import type { LucideIcon } from 'lucide-react'
import type { Ref } from 'react'
import { Button, type ButtonProps } from 'react-aria-components/Button'
import { classes } from './classes.js'

export interface IconButtonProps extends Omit<ButtonProps, 'className' | 'style' | 'children' | 'aria-label'> {
  /** What it does: read aloud, and shown to who points at it. */
  label: string
  icon: LucideIcon
  variant?: 'quiet' | 'primary'
  /** Turns an arrow round where one reads from right to left. */
  isDirectional?: boolean
  className?: string
  ref?: Ref<HTMLButtonElement>
}

const base = 'inline-flex size-10 shrink-0 cursor-pointer items-center justify-center rounded-lg transition-colors disabled:cursor-not-allowed disabled:opacity-50'

const variants = {
  quiet: 'text-muted hover:bg-sunken hover:text-ink pressed:bg-sunken',
  primary: 'bg-accent text-on-accent hover:bg-accent-strong pressed:bg-accent-strong'
}

/** A button with an icon only. */
export function IconButton ({ label, icon: Icon, variant = 'quiet', isDirectional = false, className, ...props }: IconButtonProps) {
  return (
    <span title={label} className={classes('inline-flex', className)}>
      <Button {...props} aria-label={label} className={classes(base, variants[variant])}>
        <Icon aria-hidden className={classes('size-5', isDirectional && 'rtl:-scale-x-100')} />
      </Button>
    </span>
  )
}

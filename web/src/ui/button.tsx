import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { classes } from './classes.js'
import { Spinner } from './spinner.js'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** `primary` for what the view is about, at most one at a time; `danger` for what can't be undone. */
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger'
  size?: 'medium' | 'small'
  className?: string
  children?: React.ReactNode
}

const base = 'inline-flex shrink-0 cursor-pointer items-center justify-center gap-2 rounded-lg border font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed disabled:opacity-50'

const sizes = { medium: 'min-h-10 px-4 py-2 text-sm', small: 'min-h-8 px-3 py-1 text-sm' }

const variants = {
  primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-strong pressed:bg-accent-strong',
  secondary: 'border-line-strong/60 bg-raised text-ink hover:bg-sunken pressed:bg-sunken',
  quiet: 'border-transparent text-accent hover:bg-accent-soft pressed:bg-accent-soft',
  danger: 'border-transparent bg-bad text-on-bad hover:opacity-90 pressed:opacity-90'
}

/**
 * A button with words. While `isPending` it shows that it is busy and can't be pressed again. It keeps the focus then. react-aria's
 * own pending buttons announce themselves by an element that points to them, and to nothing once they are gone.
 */
export function Button ({ variant = 'secondary', size = 'medium', className, children, isPending = false, ...props }: ButtonProps) {
  const idle = isPending ? { 'aria-disabled': true, onPress: undefined, type: 'button' as const } : {}
  return (
    <AriaButton {...props} {...idle} className={classes(base, sizes[size], variants[variant], className)}>
      {isPending && <Spinner size='small' />}
      {children}
    </AriaButton>
  )
}

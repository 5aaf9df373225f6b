import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox'

export interface CheckboxProps {
  /** One of a `CheckboxGroup`. */
  value?: string
  isSelected?: boolean
  onChange?: (isSelected: boolean) => void
  isDisabled?: boolean
  children: ReactNode
}

/** Something that may be chosen, besides others. */
export function Checkbox ({ children, ...props }: CheckboxProps) {
  return (
    <AriaCheckbox {...props} className='group flex min-h-9 cursor-pointer items-start gap-3 rounded-lg py-1.5 text-sm text-ink data-disabled:cursor-not-allowed data-disabled:opacity-50'>
      <span
        aria-hidden
        className='flex size-5 shrink-0 items-center justify-center rounded border border-line-strong bg-surface text-on-accent transition-colors group-selected:border-accent group-selected:bg-accent group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-accent'
      >
        <Check className='invisible size-4 group-selected:visible' />
      </span>
      <span className='min-w-0 flex-1'>{children}</span>
    </AriaCheckbox>
  )
}

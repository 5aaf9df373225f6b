import { Switch } from 'react-aria-components/Switch'

export interface ToggleProps {
  label: string
  isSelected: boolean
  onChange: (isSelected: boolean) => void
  isDisabled?: boolean
}

/** On or off, at once. */
export function Toggle ({ label, ...props }: ToggleProps) {
  return (
    <Switch {...props} className='group flex min-h-10 cursor-pointer items-center justify-between gap-4 text-sm font-medium text-ink data-disabled:cursor-not-allowed'>
      <span>{label}</span>
      <span
        aria-hidden
        className='flex h-6 w-11 shrink-0 items-center rounded-full border border-line-strong bg-sunken p-0.5 transition-colors group-selected:border-accent group-selected:bg-accent group-data-disabled:opacity-50 group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-accent'
      >
        <span className='size-4.5 rounded-full bg-line-strong transition-transform group-selected:translate-x-5 group-selected:bg-on-accent rtl:group-selected:-translate-x-5' />
      </span>
    </Switch>
  )
}

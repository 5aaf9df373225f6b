import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { FieldError } from 'react-aria-components/FieldError'

export interface ChoicesProps<Value extends string> {
  label: string
  value: Value | undefined
  onChange: (value: Value) => void
  options: ReadonlyArray<{ value: Value, label: string }>
  /** What is wrong with what was chosen. */
  errorMessage?: string
}

/** One of a few that are said in more than a word, under each other; none is chosen at first. */
export function Choices<Value extends string> ({ label, value, onChange, options, errorMessage }: ChoicesProps<Value>) {
  return (
    <RadioGroup value={value ?? null} onChange={chosen => onChange(chosen as Value)} isInvalid={errorMessage !== undefined} className='flex flex-col gap-1.5'>
      <Label className='text-sm font-medium text-ink'>{label}</Label>
      {options.map(({ value, label }) => (
        <Radio key={value} value={value} className='group flex min-h-9 cursor-pointer items-start gap-3 rounded-lg py-1.5 text-sm text-ink'>
          <span
            aria-hidden
            className='flex size-5 shrink-0 items-center justify-center rounded-full border border-line-strong bg-surface group-selected:border-accent group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-accent'
          >
            <span className='invisible size-2.5 rounded-full bg-accent group-selected:visible' />
          </span>
          {label}
        </Radio>
      ))}
      <FieldError className='text-sm text-bad'>{errorMessage}</FieldError>
    </RadioGroup>
  )
}

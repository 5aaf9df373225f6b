import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { Text } from 'react-aria-components/Text'
import type { ReactNode } from 'react'

export interface SegmentsProps<Value extends string> {
  label: string
  description?: ReactNode
  value: Value
  onChange: (value: Value) => void
  options: ReadonlyArray<{ value: Value, label: string }>
}

/** One of two or three, all of which are seen. */
export function Segments<Value extends string> ({ label, description, value, onChange, options }: SegmentsProps<Value>) {
  return (
    <RadioGroup value={value} onChange={chosen => onChange(chosen as Value)} className='flex flex-col gap-1.5'>
      <Label className='text-sm font-medium text-ink'>{label}</Label>
      <div className='flex flex-wrap gap-1 self-start rounded-xl border border-line bg-sunken p-1'>
        {options.map(({ value, label }) => (
          <Radio
            key={value} value={value}
            className='flex min-h-9 cursor-pointer items-center rounded-lg px-4 text-sm text-muted transition-colors hover:text-ink data-focus-visible:outline-2 data-focus-visible:outline-accent selected:bg-raised selected:font-medium selected:text-ink selected:shadow-sm'
          >
            {label}
          </Radio>
        ))}
      </div>
      {description !== undefined && <Text slot='description' className='text-sm text-muted'>{description}</Text>}
    </RadioGroup>
  )
}

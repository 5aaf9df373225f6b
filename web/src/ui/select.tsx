import { Check, ChevronDown } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { classes } from './classes.js'
import { boxClass, FieldFrame, type FieldProps } from './field.js'

export interface SelectProps<Value extends string> extends FieldProps {
  value: Value
  onChange: (value: Value) => void
  options: ReadonlyArray<{ value: Value, label: string, lang?: string }>
  className?: string
}

/** One of a few. */
export function Select<Value extends string> ({ label, isLabelHidden, description, errorMessage, value, onChange, options, className }: SelectProps<Value>) {
  return (
    <AriaSelect
      value={value} onChange={chosen => onChange(chosen as Value)}
      isInvalid={errorMessage !== undefined} className={classes('relative flex flex-col gap-1.5', className)}
    >
      <FieldFrame {...{ label, isLabelHidden, description, errorMessage }}>
        <Button className={classes(boxClass, 'cursor-pointer justify-between gap-2 px-3 py-2 text-start text-sm')}>
          <SelectValue className='truncate'>{({ selectedText }) => selectedText}</SelectValue>
          <ChevronDown aria-hidden className='size-4 shrink-0 text-muted' />
        </Button>
      </FieldFrame>
      <Popover className='min-w-(--trigger-width) rounded-lg border border-line bg-raised p-1 shadow-lg'>
        <ListBox items={options} className='max-h-72 overflow-auto outline-none'>
          {({ value, label, lang }) => (
            <ListBoxItem
              id={value} textValue={label}
              className='group flex cursor-pointer items-center justify-between gap-3 rounded-md px-3 py-2 text-sm text-ink outline-none hover:bg-sunken focus:bg-accent-soft'
            >
              <span lang={lang} dir='auto'>{label}</span>
              <Check aria-hidden className='invisible size-4 text-accent group-selected:visible' />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

import type { ZonedDateTime } from '@internationalized/date'
import { DatePicker } from 'react-aria-components/DatePicker'
import { useText } from '../../i18n/index.js'
import { DateBox, MonthPopover } from '../../ui/date-box.js'
import { FieldFrame } from '../../ui/index.js'
import { useOffsetText } from './use-offset-text.js'

export interface DateTimeFieldProps {
  label: string
  value: ZonedDateTime | null
  onChange: (value: ZonedDateTime | null) => void
  /** What is chosen where only a day is; it tells the time zone too. */
  placeholder: ZonedDateTime
  errorMessage?: string
  /** Said while nothing is chosen. */
  description?: string
  isRequired?: boolean
}

/** A day and a time of day in the reader's zone, with the offset from UTC that applies then. */
export function DateTimeField ({ label, value, onChange, placeholder, errorMessage, description, isRequired = false }: DateTimeFieldProps) {
  const text = useText()
  const offsetText = useOffsetText()
  const isInvalid = errorMessage !== undefined
  return (
    <DatePicker
      {...{ value, isRequired, isInvalid }} onChange={onChange} placeholderValue={placeholder}
      granularity='minute' hideTimeZone validationBehavior='aria' className='flex flex-col gap-1.5'
    >
      <FieldFrame {...{ label, errorMessage }} description={value === null ? description : offsetText(value)}>
        <DateBox {...{ isInvalid }} onClear={isRequired || value === null ? undefined : () => onChange(null)} clearLabel={text('trades.clear', { field: label })} />
      </FieldFrame>
      <MonthPopover />
    </DatePicker>
  )
}

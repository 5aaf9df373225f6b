import type { CalendarDate } from '@internationalized/date'
import { DatePicker } from 'react-aria-components/DatePicker'
import { classes } from './classes.js'
import { DateBox, MonthPopover } from './date-box.js'
import { FieldFrame, type FieldProps } from './field.js'

export interface DayFieldProps extends FieldProps {
  value: CalendarDate
  onChange: (value: CalendarDate) => void
  className?: string
}

/** A day of the calendar; there is always one. */
export function DayField ({ label, description, errorMessage, value, onChange, className }: DayFieldProps) {
  const isInvalid = errorMessage !== undefined
  return (
    <DatePicker<CalendarDate>
      {...{ value, isInvalid }} onChange={day => { if (day !== null) onChange(day) }} validationBehavior='aria' className={classes('flex flex-col gap-1.5', className)}
    >
      <FieldFrame {...{ label, description, errorMessage }}><DateBox {...{ isInvalid }} /></FieldFrame>
      <MonthPopover />
    </DatePicker>
  )
}

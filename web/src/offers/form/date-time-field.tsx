import type { ZonedDateTime } from '@internationalized/date'
import { CalendarDays, ChevronLeft, ChevronRight, X } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell } from 'react-aria-components/Calendar'
import { DateInput, DateSegment } from 'react-aria-components/DateField'
import { DatePicker } from 'react-aria-components/DatePicker'
import { Dialog } from 'react-aria-components/Dialog'
import { Group } from 'react-aria-components/Group'
import { Heading } from 'react-aria-components/Heading'
import { Popover } from 'react-aria-components/Popover'
import { useText } from '../../i18n/index.js'
import { boxClass, classes, FieldFrame } from '../../ui/index.js'
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

const iconButton = 'inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink disabled:opacity-40'

/** A day and a time of day in the reader's zone, with the offset from UTC that applies then. */
export function DateTimeField ({ label, value, onChange, placeholder, errorMessage, description, isRequired = false }: DateTimeFieldProps) {
  const text = useText()
  const offsetText = useOffsetText()
  return (
    <DatePicker
      {...{ value, isRequired }} onChange={onChange} placeholderValue={placeholder}
      granularity='minute' hideTimeZone validationBehavior='aria' isInvalid={errorMessage !== undefined} className='flex flex-col gap-1.5'
    >
      <FieldFrame {...{ label, errorMessage }} description={value === null ? description : offsetText(value)}>
        <Group className={classes(boxClass, 'pe-1', errorMessage !== undefined && 'border-bad')}>
          <DateInput className='block min-w-0 flex-1 px-2.5 py-2 text-base outline-none sm:text-sm'>
            {segment => (
              <DateSegment
                {...{ segment }}
                className='rounded px-px tabular-nums outline-none data-placeholder:text-muted data-focused:bg-accent data-focused:text-on-accent data-[type=literal]:px-0 data-[type=literal]:whitespace-pre'
              />
            )}
          </DateInput>
          {!isRequired && value !== null && (
            <Button slot={null} aria-label={text('trades.clear', { field: label })} className={iconButton} onPress={() => onChange(null)}><X aria-hidden className='size-4' /></Button>
          )}
          <Button className={iconButton}><CalendarDays aria-hidden className='size-4' /></Button>
        </Group>
      </FieldFrame>
      <Popover className='rounded-xl border border-line bg-raised p-3 text-ink shadow-lg'>
        <Dialog className='outline-none'><Month /></Dialog>
      </Popover>
    </DatePicker>
  )
}

function Month () {
  return (
    <Calendar>
      <header className='flex items-center justify-between gap-2 pb-2'>
        <Button slot='previous' className={iconButton}><ChevronLeft aria-hidden className='size-5 rtl:-scale-x-100' /></Button>
        <Heading className='text-sm font-semibold' />
        <Button slot='next' className={iconButton}><ChevronRight aria-hidden className='size-5 rtl:-scale-x-100' /></Button>
      </header>
      <CalendarGrid className='border-separate border-spacing-0.5'>
        <CalendarGridHeader>{day => <CalendarHeaderCell className='size-9 text-xs font-medium text-muted'>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>
          {date => (
            <CalendarCell
              {...{ date }}
              className='flex size-9 cursor-pointer items-center justify-center rounded-full text-sm tabular-nums outline-offset-0 hover:bg-sunken selected:bg-accent selected:text-on-accent data-outside-month:invisible'
            />
          )}
        </CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  )
}

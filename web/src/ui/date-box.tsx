import { CalendarDays, ChevronLeft, ChevronRight, X } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell } from 'react-aria-components/Calendar'
import { DateInput, DateSegment } from 'react-aria-components/DateField'
import { Dialog } from 'react-aria-components/Dialog'
import { Group } from 'react-aria-components/Group'
import { Heading } from 'react-aria-components/Heading'
import { Popover } from 'react-aria-components/Popover'
import { classes } from './classes.js'
import { boxClass } from './field.js'

const iconButton = 'inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink disabled:opacity-40'

interface DateBoxProps {
  isInvalid: boolean
  /** Takes away what was chosen, where that may be. */
  onClear?: () => void
  clearLabel?: string
}

/** A date to type, and the button that opens a month to choose from. To be put within a react-aria DatePicker, beside a `MonthPopover`. */
export function DateBox ({ isInvalid, onClear, clearLabel }: DateBoxProps) {
  return (
    <Group className={classes(boxClass, 'pe-1', isInvalid && 'border-bad')}>
      <DateInput className='block min-w-0 flex-1 px-2.5 py-2 text-base outline-none sm:text-sm'>
        {segment => (
          <DateSegment
            {...{ segment }}
            className='rounded px-px tabular-nums outline-none data-placeholder:text-muted data-focused:bg-accent data-focused:text-on-accent data-[type=literal]:px-0 data-[type=literal]:whitespace-pre'
          />
        )}
      </DateInput>
      {onClear !== undefined && <Button slot={null} aria-label={clearLabel} className={iconButton} onPress={onClear}><X aria-hidden className='size-4' /></Button>}
      <Button className={iconButton}><CalendarDays aria-hidden className='size-4' /></Button>
    </Group>
  )
}

/** The month that a date picker's button opens. */
export function MonthPopover () {
  return (
    <Popover className='rounded-xl border border-line bg-raised p-3 text-ink shadow-lg'>
      <Dialog className='outline-none'>
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
      </Dialog>
    </Popover>
  )
}

import { useNow } from 'equilux-chat-client/react'
import { useLocale, useText } from '../i18n/index.js'
import { dayOf, daysBetween } from './day.js'

/** The day on which what follows was said. @param at a time of that day, RFC 3339 */
export function DaySeparator ({ at }: { at: string }) {
  const { locale, timeZone } = useLocale()
  const now = useNow(60_000)
  const days = daysBetween(dayOf(at, timeZone), dayOf(now, timeZone))
  const isThisYear = dayOf(at, timeZone).slice(0, 4) === dayOf(now, timeZone).slice(0, 4)
  const label = days === 0 || days === 1
    ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day')
    : new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long', ...!isThisYear && { year: 'numeric' } }).format(new Date(at))
  return (
    <div className='flex justify-center pt-5 pb-3'>
      <time dateTime={dayOf(at, timeZone)} className='inline-block rounded-full bg-sunken px-3 py-1 text-xs font-medium text-muted first-letter:uppercase'>{label}</time>
    </div>
  )
}

/** Stands above the first message that was unread when the thread was opened. */
export function UnreadSeparator () {
  const text = useText()
  return (
    <div className='flex items-center gap-3 pt-4 pb-2 text-xs font-semibold text-accent'>
      <span className='h-px flex-1 bg-accent/40' />{text('chat.unreadBelow')}<span className='h-px flex-1 bg-accent/40' />
    </div>
  )
}

import { formatTime } from 'equilux-chat-client/format'
import { useLocale } from '../i18n/index.js'

/** A time, in the reader's language and zone. @param at RFC 3339 or ms since the epoch */
export function Time ({ at, className }: { at: string | number, className?: string }) {
  const { locale, timeZone } = useLocale()
  return <time dateTime={new Date(at).toISOString()} className={className}>{formatTime(at, locale, { timeZone })}</time>
}

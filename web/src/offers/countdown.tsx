import { formatTimeLeft } from 'equilux-chat-client/format'
import { useNow } from 'equilux-chat-client/react'
import { Hourglass } from 'lucide-react'
import { useLocale, useText } from '../i18n/index.js'
import { classes } from '../ui/index.js'

const hour = 3_600_000

/** How long terms can still be accepted, by the server's clock; it stands out in the last hour. */
export function Countdown ({ expiresAt }: { expiresAt: string }) {
  const text = useText()
  const { locale } = useLocale()
  const now = useNow()
  const left = formatTimeLeft(expiresAt, now, locale)
  if (left === undefined) return <>{text('trades.status.expired')}</>
  const isShort = Date.parse(expiresAt) - now < hour
  return (
    <span role='timer' aria-live='off' className={classes('inline-flex items-center gap-1.5 tabular-nums', isShort && 'font-semibold text-warn')}>
      {isShort && <Hourglass aria-hidden className='size-4' />}
      {text('trades.left', { left })}
    </span>
  )
}

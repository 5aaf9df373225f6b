import { formatMoney } from 'equilux-chat-client/format'
import { useLocale, useText } from '../../i18n/index.js'
import type { Side } from '../standing.js'

/** What the terms come to, as exactly as the server computes it, while they are written. */
export function RunningTotal ({ total, currency, side }: { total: string | undefined, currency: string, side: Side }) {
  const text = useText()
  const { locale } = useLocale()
  return (
    <p className='flex items-baseline justify-between gap-3 rounded-lg bg-sunken px-4 py-3'>
      <span className='text-sm text-muted'>{text(side === 'sell' ? 'trades.youGet' : 'trades.youPay')}</span>
      <output className='text-xl font-semibold tabular-nums'>{total === undefined ? '–' : formatMoney(total, currency, locale)}</output>
    </p>
  )
}

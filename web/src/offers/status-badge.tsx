import type { TradeOffer } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { useText } from '../i18n/index.js'
import { Badge } from '../ui/index.js'
import { useName } from './use-person.js'

const tones = { pending: 'neutral', countered: 'neutral', accepted: 'good', rejected: 'bad', withdrawn: 'neutral', expired: 'warn' } as const

/** How an offer stands: whose move it is, or how it ended. */
export function StatusBadge ({ offer: { status, awaiting }, me }: { offer: Pick<TradeOffer, 'status' | 'awaiting'>, me: string }) {
  const text = useText()
  const name = useName(awaiting === null || awaiting === me ? '' : awaiting)
  if (awaiting === me) return <Badge tone='accent'>{text('trades.yourMove')}</Badge>
  if (awaiting !== null) return <Badge><span className='max-w-44 truncate'>{text('trades.theirMove', { name: isolate(name) })}</span></Badge>
  return <Badge tone={tones[status]}>{text(`trades.status.${status}`)}</Badge>
}

import type { TradeOffer } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { History } from 'lucide-react'
import { openWindow } from '../offers/opened.js'
import { useText } from '../i18n/index.js'
import { IconButton } from '../ui/index.js'

/** Opens the history of an offer. */
export function TimelineButton ({ offer, name }: { offer: TradeOffer, name: string }) {
  const text = useText()
  return <IconButton label={text('trades.historyOf', { name: isolate(name) })} icon={History} onPress={() => openWindow('history', offer)} />
}

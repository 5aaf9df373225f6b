import type { TradeOffer } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { History } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useText } from '../i18n/index.js'
import { IconButton } from '../ui/index.js'

const TimelineDialog = lazy(async () => await import('../offers/timeline-dialog.js'))

/** Opens the history of an offer. */
export function TimelineButton ({ offer, name }: { offer: TradeOffer, name: string }) {
  const text = useText()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton label={text('trades.historyOf', { name: isolate(name) })} icon={History} onPress={() => setOpen(true)} />
      {isOpen && <Suspense><TimelineDialog {...{ offer }} isOpen onOpenChange={setOpen} /></Suspense>}
    </>
  )
}

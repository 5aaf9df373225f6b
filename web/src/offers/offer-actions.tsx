import type { TradeOffer } from 'equilux-chat-client'
import { useText } from '../i18n/index.js'
import { useIsClosed } from '../safety/refusal.js'
import { Button } from '../ui/index.js'
import { openWindow } from './opened.js'
import { otherOf } from './standing.js'

/** The moves that a party of an open offer has. Each asks again before it is made. Those that end it remain where nothing new can be said. */
export function OfferActions ({ offer, me }: { offer: TradeOffer, me: string }) {
  const text = useText()
  const isClosed = useIsClosed(otherOf(offer, me))
  if (offer.awaiting !== me) return <Button size='small' onPress={() => openWindow('withdraw', offer)}>{text('trades.withdraw')}</Button>
  return (
    <>
      <Button variant='primary' size='small' isDisabled={isClosed} onPress={() => openWindow('accept', offer)}>{text('trades.accept')}</Button>
      <Button size='small' isDisabled={isClosed} onPress={() => openWindow('counter', offer)}>{text('trades.counter')}</Button>
      <Button size='small' onPress={() => openWindow('reject', offer)}>{text('trades.reject')}</Button>
      {isClosed && <p className='w-full text-sm text-muted'>{text('safety.noAnswer')}</p>}
    </>
  )
}

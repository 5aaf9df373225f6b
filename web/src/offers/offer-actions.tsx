import type { TradeOffer } from 'equilux-chat-client'
import { useText } from '../i18n/index.js'
import { Button } from '../ui/index.js'
import { openWindow } from './opened.js'

/** The moves that a party of an open offer has. Each asks again before it is made. */
export function OfferActions ({ offer, me }: { offer: TradeOffer, me: string }) {
  const text = useText()
  if (offer.awaiting !== me) return <Button size='small' onPress={() => openWindow('withdraw', offer)}>{text('trades.withdraw')}</Button>
  return (
    <>
      <Button variant='primary' size='small' onPress={() => openWindow('accept', offer)}>{text('trades.accept')}</Button>
      <Button size='small' onPress={() => openWindow('counter', offer)}>{text('trades.counter')}</Button>
      <Button size='small' onPress={() => openWindow('reject', offer)}>{text('trades.reject')}</Button>
    </>
  )
}

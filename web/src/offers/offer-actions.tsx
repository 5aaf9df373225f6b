import type { TradeOffer } from 'equilux-chat-client'
import { lazy, Suspense, useState } from 'react'
import { useText } from '../i18n/index.js'
import { Button } from '../ui/index.js'

const AnswerDialog = lazy(async () => await import('./answer-dialog.js'))
const CounterDialog = lazy(async () => await import('./form/counter-dialog.js'))

type Move = 'accept' | 'counter' | 'reject' | 'withdraw'

/** The moves that a party of an open offer has. Each asks again before it is made. */
export function OfferActions ({ offer, me }: { offer: TradeOffer, me: string }) {
  const text = useText()
  const [move, setMove] = useState<Move>()
  const close = () => setMove(undefined)
  return (
    <>
      {offer.awaiting === me
        ? (
          <>
            <Button variant='primary' size='small' onPress={() => setMove('accept')}>{text('trades.accept')}</Button>
            <Button size='small' onPress={() => setMove('counter')}>{text('trades.counter')}</Button>
            <Button size='small' onPress={() => setMove('reject')}>{text('trades.reject')}</Button>
          </>
          )
        : <Button size='small' onPress={() => setMove('withdraw')}>{text('trades.withdraw')}</Button>}
      {move !== undefined && (
        <Suspense>
          {move === 'counter'
            ? <CounterDialog {...{ offer }} isOpen onOpenChange={close} />
            : <AnswerDialog {...{ offer }} response={move} isOpen onOpenChange={close} />}
        </Suspense>
      )}
    </>
  )
}

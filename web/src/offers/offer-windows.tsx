import { useOffer } from 'equilux-chat-client/react'
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { offerWindow, type Opened } from './opened.js'
import { newerOf } from './standing.js'

const AnswerDialog = lazy(async () => await import('./answer-dialog.js'))
const CounterDialog = lazy(async () => await import('./form/counter-dialog.js'))
const TimelineDialog = lazy(async () => await import('./timeline-dialog.js'))

/** The windows about offers, beside the views: a card may leave the page while somebody writes an answer to it. */
export function OfferWindows () {
  const opened = useSyncExternalStore(offerWindow.subscribe, offerWindow.get)
  useEffect(() => offerWindow.close, [])
  return opened && <OfferWindow key={`${opened.window} ${opened.offer.messageId}`} {...opened} />
}

function OfferWindow ({ offer: given, window }: Opened) {
  const known = useOffer(given.messageId)
  const offer = known === undefined ? given : newerOf(given, known)
  const props = { offer, isOpen: true, onOpenChange: offerWindow.close }
  return (
    <Suspense>
      {window === 'history' ? <TimelineDialog {...props} /> : window === 'counter' ? <CounterDialog {...props} /> : <AnswerDialog {...props} response={window} />}
    </Suspense>
  )
}

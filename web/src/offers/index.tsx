import { lazy, Suspense } from 'react'
import type { OfferDialogProps } from './form/offer-dialog.js'

export { OfferMessage, type OfferMessageProps } from './offer-message.js'

const LazyDialog = lazy(async () => await import('./form/offer-dialog.js'))

/** The form for a new offer to a user, loaded when it is first opened. */
export function OfferDialog (props: OfferDialogProps) {
  return props.isOpen && <Suspense><LazyDialog {...props} /></Suspense>
}

import type { TradeOffer } from 'equilux-chat-client'
import { WindowState } from '../ui/index.js'

/** What can be looked at or done about an offer in a window of its own. */
export type OfferWindow = 'accept' | 'counter' | 'reject' | 'withdraw' | 'history'

export interface Opened {
  offer: TradeOffer
  window: OfferWindow
}

export const offerWindow = new WindowState<Opened>()

/** Opens a window about an offer. */
export function openWindow (window: OfferWindow, offer: TradeOffer): void {
  offerWindow.open({ window, offer })
}

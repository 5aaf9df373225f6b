import type { TradeOffer } from 'equilux-chat-client'

/** What can be looked at or done about an offer in a window of its own. */
export type OfferWindow = 'accept' | 'counter' | 'reject' | 'withdraw' | 'history'

export interface Opened {
  offer: TradeOffer
  window: OfferWindow
  /** Where the focus came from, and the message or view that this is in: it may be gone by the time that the window is closed. */
  origins: HTMLElement[]
}

let opened: Opened | undefined
const listeners = new Set<() => void>()

/** The window that is open, if any. */
export function getOpened (): Opened | undefined {
  return opened
}

export function subscribe (listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Opens a window about an offer. It stays when what opened it is scrolled out of view. */
export function openWindow (window: OfferWindow, offer: TradeOffer): void {
  const { activeElement } = document
  const places = [activeElement, activeElement?.closest('[data-entry]'), document.getElementById('main')]
  change({ window, offer, origins: places.filter(place => place instanceof HTMLElement && place !== document.body) as HTMLElement[] })
}

/** Closes it, and gives the focus back as near as possible to where it came from. */
export function closeWindow (): void {
  const { origins = [] } = opened ?? {}
  change(undefined)
  // First the window gives back the focus itself, where that is still possible.
  setTimeout(() => {
    if (opened === undefined && document.activeElement === document.body) origins.find(({ isConnected }) => isConnected)?.focus()
  }, 100)
}

function change (next: Opened | undefined): void {
  opened = next
  for (const listener of listeners) listener()
}

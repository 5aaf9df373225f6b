import type { ChatError, RespondTrade } from 'equilux-chat-client'
import { useStore } from 'equilux-chat-client/react'
import { useRef, useState } from 'react'

/** A move being made: one at a time, so that no second press makes a second move. */
export interface Moving {
  /** From the press on, and for good once the move was made. */
  isBusy: boolean
  /** Why the last try failed. */
  error?: ChatError
  /** @returns whether the move was made */
  make: (move: RespondTrade & { revision: number }) => Promise<boolean>
}

export function useMove (offerId: string): Moving {
  const store = useStore()
  const [state, setState] = useState<{ isBusy: boolean, error?: ChatError }>({ isBusy: false })
  const isBusy = useRef(false)
  return {
    ...state,
    async make (move) {
      if (isBusy.current) return false
      isBusy.current = true
      setState({ isBusy: true })
      const { error } = await store.respond(offerId, move)
      if (error === undefined) return true
      isBusy.current = false
      setState({ isBusy: false, error })
      return false
    }
  }
}

/** Whether a move was refused because the offer isn't any more as the mover saw it. */
export function cameTooLate ({ code }: ChatError): boolean {
  return code === 'trade_closed' || code === 'stale_revision' || code === 'out_of_turn'
}

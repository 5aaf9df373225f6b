import type { ChatError } from 'equilux-chat-client'
import { useStore } from 'equilux-chat-client/react'
import { useState } from 'react'
import { useItem } from '../conversations/use-item.js'
import { useRefusal } from './refusal.js'

/** What can be asked in a window of its own. */
export type SafetyWindow = 'block' | 'report'

export interface Safety {
  userId: string
  isBlocked: boolean
  /** Which window is open. */
  window: SafetyWindow | undefined
  /** Opens a window, or closes it. */
  open: (window?: SafetyWindow) => void
  /** Why the last act wasn't possible. */
  error: ChatError | undefined
  /** @param duration in ms; without one it holds until it is taken back */
  mute: (isMuted: boolean, duration?: number) => void
  unblock: () => void
}

/** What a reader can do about another user, from wherever in the thread. */
export function useSafety (userId: string): Safety {
  const store = useStore()
  const refusal = useRefusal(userId)
  const item = useItem(userId)
  const [window, setWindow] = useState<SafetyWindow>()
  const [error, setError] = useState<ChatError>()
  const act = async (acting: Promise<ChatError | undefined>) => {
    setError(undefined)
    setError(await acting)
  }
  return {
    userId,
    // Whoever was blocked before the first message is in no list.
    isBlocked: item?.isBlocked === true || refusal === 'blocked',
    window,
    open: next => {
      setWindow(next)
      // The window gives the focus back to what opened it, where that is still there.
      if (next === undefined) setTimeout(() => { if (document.activeElement === document.body) document.getElementById('main')?.focus() }, 100)
    },
    error,
    mute: (isMuted, duration) => {
      act(store.mute(userId, isMuted, duration === undefined ? undefined : new Date(store.now() + duration).toISOString()))
    },
    unblock: () => { act(store.block(userId, false)) }
  }
}

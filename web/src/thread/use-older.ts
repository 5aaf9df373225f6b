import { useStore } from 'equilux-chat-client/react'
import type { Thread } from 'equilux-chat-client/store'
import { useCallback, useRef, useState, type RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'

/** So near to the beginning the messages before are read, in px: before the reader gets there. */
const ahead = 1500

export interface Older {
  isLoading: boolean
  hasFailed: boolean
  /** Tries again after it failed. */
  load: () => void
  /** Looks whether the reader comes near to the beginning of what is there. */
  look: () => void
}

/** Reads older messages as the reader comes near to them. @param isOpen whether it is known where the reader is */
export function useOlder (list: RefObject<VirtualizerHandle | null>, { userId, hasOlder }: Thread, isOpen: boolean): Older {
  const store = useStore()
  const [{ isLoading, hasFailed }, setState] = useState({ isLoading: false, hasFailed: false })
  const isBusy = useRef(false)

  const load = useCallback(() => {
    if (isBusy.current) return
    isBusy.current = true
    setState({ isLoading: true, hasFailed: false })
    store.loadOlder(userId).then(error => {
      isBusy.current = false
      setState({ isLoading: false, hasFailed: error !== undefined })
    })
  }, [store, userId])
  const look = useCallback(() => {
    if (isOpen && hasOlder && !hasFailed && list.current !== null && list.current.scrollOffset < ahead) load()
  }, [list, isOpen, hasOlder, hasFailed, load])

  return { isLoading, hasFailed, load, look }
}

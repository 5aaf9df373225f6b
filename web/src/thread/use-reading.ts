import { useStore } from 'equilux-chat-client/react'
import { useCallback, useEffect } from 'react'

/**
 * Marks what is in view as read, but only before the eyes of somebody: while the page is shown and has the focus.
 * @param visibleSeq the last message in view, if any is
 * @returns what is to be called when something else has come into view
 */
export function useReading (userId: string, visibleSeq: () => number | undefined): () => void {
  const store = useStore()
  const read = useCallback(() => {
    if (document.visibilityState !== 'visible' || !document.hasFocus()) return
    const seq = visibleSeq()
    if (seq !== undefined) store.markRead(userId, seq)
  }, [store, userId, visibleSeq])
  useEffect(() => {
    window.addEventListener('focus', read)
    document.addEventListener('visibilitychange', read)
    return () => {
      window.removeEventListener('focus', read)
      document.removeEventListener('visibilitychange', read)
    }
  }, [read])
  return read
}

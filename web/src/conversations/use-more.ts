import { useStore } from 'equilux-chat-client/react'
import { useEffect, useRef, type RefObject } from 'react'

/**
 * Reads the next conversations as soon as the end of the list comes into view.
 * @param hasMore whether there are any
 * @param count of those that are there: each page moves the end
 * @returns for the element at the end
 */
export function useMore (hasMore: boolean, count: number): RefObject<HTMLDivElement | null> {
  const store = useStore()
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!hasMore || end.current === null) return
    const observer = new IntersectionObserver(entries => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) store.loadConversations()
    }, { rootMargin: '300px' })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [store, hasMore, count])
  return end
}

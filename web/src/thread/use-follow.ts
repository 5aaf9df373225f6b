import type { Entry } from 'equilux-chat-client/store'
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'

/** So near to the end one is at the end, in px. */
const near = 32
/** How far from the top the first unread message is shown, in px. */
const margin = -48
/** So long rows may be measured before it counts where one is, in ms. */
const placing = 300
/** What the reader moves the thread by, and then it stays where they put it. */
const moves = ['wheel', 'touchmove', 'pointerdown', 'keydown']

export interface Follow {
  /** Where the thread ended when the reader left its end; undefined as long as they are there. */
  leftAt?: number
  /** Goes to the newest message. */
  toEnd: () => void
  /** Looks where the reader is now. @returns whether they are where the thread is to begin */
  look: () => boolean
}

/**
 * Keeps the newest message in view for as long as the reader is at the end, and after each that they send. It scrolls by itself: the
 * list would go on doing so while rows are measured, also those that come into view as the reader goes elsewhere.
 * @param feed what scrolls
 * @param unreadIndex the row at which to begin, as soon as there is one; -1 for the end
 */
export function useFollow (
  feed: RefObject<HTMLElement | null>, list: RefObject<VirtualizerHandle | null>, entries: readonly Entry[], count: number, unreadIndex: number
): Follow {
  const isFollowing = useRef(true)
  const place = useRef<() => void>(undefined)
  const offset = useRef(0)
  const [leftAt, setLeftAt] = useState<number>()
  const lastSeq = useRef(0)
  const last = entries.at(-1)
  // What is on its way stands at the end, and the user has just sent it.
  const sent = last?.isOwn === true && last.message.seq === undefined ? last.key : undefined
  const hasUnread = unreadIndex !== -1

  const follow = useCallback(() => {
    if (isFollowing.current) feed.current?.scrollTo({ top: feed.current.scrollHeight, behavior: 'instant' })
  }, [feed])
  const toEnd = useCallback(() => {
    place.current = undefined
    isFollowing.current = true
    setLeftAt(undefined)
    follow()
  }, [follow])

  const look = useCallback(() => {
    if (list.current === null) return false
    const { scrollOffset, scrollSize, viewportSize } = list.current
    const isAtEnd = scrollSize - viewportSize - scrollOffset <= near
    // Only the reader goes back; everything else that moves the end away is to be followed.
    const hasGoneBack = scrollOffset < offset.current - 1
    offset.current = scrollOffset
    if (place.current !== undefined) {
      place.current()
      return false
    }
    if (isAtEnd || hasGoneBack) isFollowing.current = isAtEnd
    if (isFollowing.current) setLeftAt(undefined)
    else setLeftAt(leftAt => leftAt ?? lastSeq.current)
    if (!isAtEnd) follow()
    return true
  }, [list, follow])

  useLayoutEffect(() => {
    const element = feed.current
    if (!hasUnread || element === null) return
    isFollowing.current = false
    place.current = () => {
      if (list.current !== null) element.scrollTo({ top: list.current.getItemOffset(unreadIndex) + margin, behavior: 'instant' })
    }
    place.current()
    const stay = () => { place.current = undefined }
    for (const move of moves) element.addEventListener(move, stay, { once: true, passive: true })
    const timer = setTimeout(() => {
      stay()
      look()
    }, placing)
    return () => {
      stay()
      clearTimeout(timer)
      for (const move of moves) element.removeEventListener(move, stay)
    }
    // Where it begins is decided once: the row moves on as older messages come.
  }, [feed, list, hasUnread, look])
  useLayoutEffect(() => {
    if (sent !== undefined) toEnd()
  }, [sent, toEnd])
  useLayoutEffect(follow, [follow, count])
  useLayoutEffect(() => {
    lastSeq.current = entries.findLast(({ message }) => message.seq !== undefined)?.message.seq ?? 0
  }, [entries])

  return { leftAt, toEnd, look }
}

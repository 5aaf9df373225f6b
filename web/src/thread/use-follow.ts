import type { Entry } from 'equilux-chat-client/store'
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'

/** So near to the end one is at the end, in px. */
const near = 32
/** How far from the top the first unread message is shown, in px. */
const margin = -48
/** So long rows may be measured before it counts where one is, in ms. */
const placing = 300

export interface Follow {
  /** Where the thread ended when the reader left its end; undefined as long as they are there. */
  leftAt?: number
  /** Goes to the newest message. */
  toEnd: () => void
  /** Looks where the reader is now. @returns whether they are where the thread is to begin */
  look: () => boolean
}

/**
 * Keeps the newest message in view for as long as the reader is at the end, and after each that they send.
 * @param unreadIndex the row at which to begin, as soon as there is one; -1 for the end
 */
export function useFollow (list: RefObject<VirtualizerHandle | null>, entries: readonly Entry[], count: number, unreadIndex: number): Follow {
  const isFollowing = useRef(true)
  const isPlacing = useRef(false)
  const offset = useRef(0)
  const [leftAt, setLeftAt] = useState<number>()
  const lastSeq = useRef(0)
  const last = entries.at(-1)
  // What is on its way stands at the end, and the user has just sent it.
  const sent = last?.isOwn === true && last.message.seq === undefined ? last.key : undefined
  const hasUnread = unreadIndex !== -1

  const follow = useCallback(() => {
    if (isFollowing.current) list.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' })
  }, [list])
  const toEnd = useCallback(() => {
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
    if (isPlacing.current) return false
    if (isAtEnd || hasGoneBack) isFollowing.current = isAtEnd
    if (isFollowing.current) setLeftAt(undefined)
    else setLeftAt(leftAt => leftAt ?? lastSeq.current)
    if (!isAtEnd) follow()
    return true
  }, [list, follow])

  useLayoutEffect(() => {
    if (!hasUnread) return
    isFollowing.current = false
    isPlacing.current = true
    list.current?.scrollToIndex(unreadIndex, { align: 'start', offset: margin })
    const timer = setTimeout(() => {
      isPlacing.current = false
      look()
    }, placing)
    return () => clearTimeout(timer)
    // Where it begins is decided once: the row moves on as older messages come.
  }, [list, hasUnread, look])
  useLayoutEffect(() => {
    if (sent !== undefined) toEnd()
  }, [sent, toEnd])
  useLayoutEffect(follow, [follow, count])
  useLayoutEffect(() => {
    lastSeq.current = entries.findLast(({ message }) => message.seq !== undefined)?.message.seq ?? 0
  }, [entries])

  return { leftAt, toEnd, look }
}

import { useStore } from 'equilux-chat-client/react'
import type { Thread } from 'equilux-chat-client/store'
import { useEffect, useState } from 'react'
import { useItem } from '../conversations/use-item.js'

export interface Opening {
  /** Whether it is known where the thread is to be shown from. */
  isOpen: boolean
  /** Up to where everything was read, where something wasn't. */
  readSeq?: number
}

/** How many messages are read at most to begin with the first that is unread; beyond that a thread opens at the newest. */
const maxUnread = 300

/** Where a thread is shown from: the first message that was unread when it was opened, or the newest. */
export function useOpening ({ userId, status, entries, hasOlder }: Thread): Opening {
  const store = useStore()
  const [opening, setOpening] = useState<Opening>({ isOpen: false })
  const item = useItem(userId)
  const { isOpen } = opening
  const firstSeq = entries[0]?.message.seq ?? 1
  useEffect(() => {
    if (isOpen || status !== 'ready') return
    const { unreadCount = 0, lastReadSeq = 0, seq = 0 } = item ?? {}
    const isNear = unreadCount > 0 && seq - lastReadSeq <= maxUnread
    const isThere = !hasOlder || firstSeq <= lastReadSeq + 1
    if (!isNear || isThere) return setOpening({ isOpen: true, ...isNear && { readSeq: lastReadSeq } })
    let isCurrent = true
    store.loadOlder(userId).then(error => {
      if (isCurrent && error !== undefined) setOpening({ isOpen: true })
    })
    return () => { isCurrent = false }
  }, [store, userId, isOpen, status, item, hasOlder, firstSeq])
  return opening
}

import type { MessageAttachment } from 'equilux-chat-client'
import { useChat, useStore } from 'equilux-chat-client/react'
import { useEffect, useState } from 'react'
import type { Loaded } from './blobs.js'
import { deskOf } from './desk.js'

/** So long one has to stop at a message before its files are fetched, in ms: whoever scrolls past wants none. */
const settle = 150

/** A file's bytes, as soon as they are there. */
export interface Bytes extends Loaded {
  isLoading: boolean
  /** Fetches them again after it failed. */
  retry: () => void
}

/** @param isWanted whether they are to be fetched; what is here already is given anyway */
export function useBytes (attachment: MessageAttachment, isWanted: boolean): Bytes {
  const { blobs } = deskOf(useStore())
  const isLive = useChat(({ connection }) => connection.status === 'live')
  const [attempt, setAttempt] = useState(0)
  const [{ blob, error, isLoading }, setState] = useState<Loaded & { isLoading: boolean }>(() => ({ blob: blobs.peek(attachment.attachmentId), isLoading: false }))
  const isNeeded = isWanted && blob === undefined
  useEffect(() => {
    if (!isNeeded) return
    let isCurrent = true
    const fetchNow = async () => {
      setState({ isLoading: true })
      const loaded = await blobs.load(attachment)
      if (!isCurrent) return
      setState({ ...loaded, isLoading: false })
      // It is still being checked, and the server says for how long to wait.
      if (loaded.error?.code === 'attachment_scanning') later(loaded.error.retryAfter)
    }
    let timer: ReturnType<typeof setTimeout>
    const later = (ms = settle) => { timer = setTimeout(() => { fetchNow().catch(reportError) }, ms) }
    later()
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
    // What failed without a connection is tried again once there is one.
  }, [blobs, attachment, isNeeded, isLive, attempt])
  return { blob, error, isLoading, retry: () => setAttempt(attempt => attempt + 1) }
}

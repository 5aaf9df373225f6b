import type { ChatError, MessageAttachment, TradeTerms } from 'equilux-chat-client'
import { useChat, useStore } from 'equilux-chat-client/react'
import { useCallback, useEffect, useState } from 'react'

/** An offer on its way: the form stays until it is known to have arrived, or to wait for a connection, which the thread shows. */
export interface Sending {
  isBusy: boolean
  /** Why the server refused it. */
  error?: ChatError
  send: (terms: TradeTerms, text: string, attachments: MessageAttachment[]) => void
}

/** @param onSent the offer has arrived, or is queued */
export function useSending (userId: string, onSent: () => void): Sending {
  const store = useStore()
  const [key, setKey] = useState<string>()
  const [error, setError] = useState<ChatError>()
  const entry = useChat(({ threads }) => key === undefined || !Object.hasOwn(threads, userId)
    ? undefined
    : threads[userId]?.entries.findLast(entry => entry.key === key))
  const state = key === undefined ? undefined : entry?.state ?? 'delivered'
  const refusal = entry?.error

  useEffect(() => {
    if (key === undefined || state === 'sending') return
    setKey(undefined)
    if (state !== 'failed') return onSent()
    // What was typed is in the form still, so the thread needs no second copy.
    store.discard(key)
    setError(refusal)
  }, [store, key, state, refusal, onSent])

  const send = useCallback((terms: TradeTerms, text: string, attachments: MessageAttachment[]) => {
    setError(undefined)
    setKey(store.send(userId, { messageType: 'tradeOffer', ...terms, ...text !== '' && { text }, ...attachments.length > 0 && { attachments } }))
  }, [store, userId])
  return { isBusy: key !== undefined, error, send }
}

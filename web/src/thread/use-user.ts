import type { User } from 'equilux-chat-client'
import { useChat, useStore } from 'equilux-chat-client/react'
import { useEffect, useState } from 'react'
import { useItem } from '../conversations/use-item.js'

/**
 * A user, as the list of conversations knows them, or else the server. Nobody can tell as long as it doesn't answer: then there is
 * neither a user nor the word that there is none.
 */
export function useUser (userId: string): { user?: User, isUnknown: boolean } {
  const store = useStore()
  const known = useItem(userId)?.user
  const isLive = useChat(({ connection }) => connection.status === 'live')
  const [asked, setAsked] = useState<{ user?: User, isUnknown: boolean }>({ isUnknown: false })
  const isKnown = known !== undefined
  useEffect(() => {
    if (isKnown) return
    const abort = new AbortController()
    const ask = async () => {
      const { data, error } = await store.api.GET('/api/messages/users/{userId}', { params: { path: { userId } }, signal: abort.signal })
      if (abort.signal.aborted) return
      if (data !== undefined) setAsked({ user: data, isUnknown: false })
      // What may pass is asked again as soon as there is a connection.
      else if (!error.retryable) setAsked({ isUnknown: true })
    }
    ask()
    return () => abort.abort()
  }, [store, userId, isKnown, isLive])
  return known === undefined ? asked : { user: known, isUnknown: false }
}

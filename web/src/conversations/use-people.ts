import type { ChatError, User } from 'equilux-chat-client'
import { useStore } from 'equilux-chat-client/react'
import { useEffect, useState } from 'react'

export interface People {
  /** Whose names begin so, as far as is known: of the query before while the next is asked. */
  users: readonly User[]
  isLoading: boolean
  error?: ChatError
}

/** How long to wait for the next key, in ms. */
const pause = 200

/**
 * Other users by how their names begin; all of them for an empty query. At most a page: whoever isn't on it is found by more letters.
 * @param query undefined as long as nobody is looked for
 */
export function usePeople (query: string | undefined): People {
  const store = useStore()
  const [people, setPeople] = useState<People>({ users: [], isLoading: true })
  useEffect(() => {
    if (query === undefined) return
    const abort = new AbortController()
    setPeople(({ users }) => ({ users, isLoading: true }))
    const ask = async () => {
      const { data, error } = await store.api.GET('/api/messages/users', {
        params: { query: { limit: 20, ...query !== '' && { q: query } } }, signal: abort.signal
      })
      if (!abort.signal.aborted) setPeople({ users: data?.users ?? [], isLoading: false, ...error && { error } })
    }
    const timer = setTimeout(ask, query === '' ? 0 : pause)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [store, query])
  return people
}

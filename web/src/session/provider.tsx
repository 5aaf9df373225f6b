import { createStore, type ChatStore } from 'equilux-chat-client/store'
import { ChatProvider } from 'equilux-chat-client/react'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import type { Session } from './session.js'
import { forgetDrafts } from '../thread/drafts.js'

interface SessionState {
  /** Who is signed in, if anybody is. */
  session?: Session
  signIn: (session: Session) => void
  signOut: () => void
}

const SessionContext = createContext<SessionState | undefined>(undefined)

/** Who is signed in, and their chat: one store, from sign-in to sign-out. @param kept who is signed in already */
export function SessionProvider ({ kept, children }: { kept?: Session, children: ReactNode }) {
  const [current, setCurrent] = useState(() => withStore(kept))
  const value = useMemo<SessionState>(() => ({
    session: current?.session,
    signIn: session => setCurrent(withStore(session)),
    signOut: () => {
      current?.store.close()
      forgetDrafts()
      current?.session.end().catch((error: unknown) => { reportError(error) })
      setCurrent(undefined)
    }
  }), [current])
  useEffect(() => current?.store.start(), [current])
  return (
    <SessionContext value={value}>
      {current === undefined ? children : <ChatProvider store={current.store}>{children}</ChatProvider>}
    </SessionContext>
  )
}

function withStore (session: Session | undefined): { session: Session, store: ChatStore } | undefined {
  return session && {
    session,
    store: createStore({
      baseUrl: location.origin,
      token: session.token,
      userId: session.userId,
      persist: true,
      onError: ({ code, title }) => console.warn(code, title)
    })
  }
}

/** Who is signed in, and how to sign in and out. */
export function useSession (): SessionState {
  const state = useContext(SessionContext)
  if (state === undefined) throw new Error('There is no SessionProvider above')
  return state
}

import { createContext, lazy, startTransition, Suspense, useContext, useMemo, useState, type ReactNode } from 'react'
import { forgetDrafts } from '../thread/drafts.js'
import { goes } from './going.js'
import type { Session } from './session.js'

interface SessionState {
  /** Who is signed in, if anybody is. */
  session?: Session
  signIn: (session: Session) => void
  /** Ends it, and removes what is kept in the browser. */
  signOut: () => void
  /** What whoever was here has left for, unless it was to sign out. */
  left?: Arriving
  leave: (left: Arriving) => void
}

/** What the sign-in page is to know of who comes there. */
export interface Arriving {
  /** What to show afterwards. */
  from?: string
  /** Whether it isn't enough to have signed in before. */
  isAnew?: boolean
  /** From when on what they wrote is erased (RFC 3339), as they asked for. */
  erasesAt?: string
}

const SessionContext = createContext<SessionState | undefined>(undefined)

// Nobody needs it who isn't signed in.
const Chat = lazy(async () => await import('./chat.js'))

/** Who is signed in, and their chat: one store, from sign-in to sign-out. @param kept who is signed in already */
export function SessionProvider ({ kept, children }: { kept?: Session, children: ReactNode }) {
  const [session, setSession] = useState(kept)
  const [left, setLeft] = useState<Arriving>()
  const value = useMemo<SessionState>(() => {
    const end = (isForGood: boolean, left?: Arriving) => {
      forgetDrafts()
      if (session !== undefined && isForGood) goes(session)
      session?.end().catch((error: unknown) => { reportError(error) })
      setLeft(left)
      setSession(undefined)
    }
    return {
      session,
      // What is there stays until the chat is.
      signIn: session => startTransition(() => setSession(session)),
      signOut: () => end(true),
      left,
      leave: left => end(left.erasesAt !== undefined, left)
    }
  }, [session, left])
  return (
    <SessionContext value={value}>
      {session === undefined ? children : <Suspense><Chat session={session}>{children}</Chat></Suspense>}
    </SessionContext>
  )
}

/** Who is signed in, and how to sign in and out. */
export function useSession (): SessionState {
  const state = useContext(SessionContext)
  if (state === undefined) throw new Error('There is no SessionProvider above')
  return state
}

import { createStore, type ChatStore } from 'equilux-chat-client/store'
import { ChatProvider } from 'equilux-chat-client/react'
import { useEffect, useState, type ReactNode } from 'react'
import { readersLocale } from '../i18n/index.js'
import { isGoing } from './going.js'
import type { Session } from './session.js'

/** The chat of whoever is signed in: one store, for as long as they are. */
export default function Chat ({ session, children }: { session: Session, children: ReactNode }) {
  const [store, setStore] = useState<ChatStore>()
  useEffect(() => {
    const store = createStore({
      baseUrl: location.origin,
      token: session.token,
      userId: session.userId,
      persist: true,
      fetch: fetchInLanguage,
      onError: ({ code, title }) => console.warn(code, title)
    })
    store.start()
    setStore(store)
    return () => store.close({ forget: isGoing(session) })
  }, [session])
  return store && <ChatProvider store={store}>{children}</ChatProvider>
}

/** Asks for problems in the language that the app has now: a reader may choose another, and the store stays. */
async function fetchInLanguage (input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers)
  headers.set('accept-language', readersLocale())
  return await fetch(input, { ...init, headers })
}

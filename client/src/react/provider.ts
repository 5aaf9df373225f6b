import { createContext, createElement, useContext, type FunctionComponent, type ReactNode } from 'react'
import type { ChatStore } from '../store/index.js'

const StoreContext = /* @__PURE__ */ createContext<ChatStore | undefined>(undefined)

export interface ChatProviderProps {
  /** The app's own: the app starts and closes it, which outlives what is shown. */
  store: ChatStore
  children?: ReactNode
}

/** Gives a store to the hooks below. */
export const ChatProvider: FunctionComponent<ChatProviderProps> = ({ store, children }) =>
  createElement(StoreContext.Provider, { value: store }, children)

/**
 * The store, for what a user does: `send`, `respond`, `markRead` …
 * @throws Error where no ChatProvider is above
 */
export function useStore (): ChatStore {
  const store = useContext(StoreContext)
  if (store === undefined) throw new Error('There is no ChatProvider above')
  return store
}

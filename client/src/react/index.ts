/** React hooks for a store, each of which renders a component again only when what it shows has changed. React 18 or newer. */
export { useConnection, useConversations, useOffer, useThread } from './hooks.js'
export { ChatProvider, useStore, type ChatProviderProps } from './provider.js'
export { useChat } from './use-chat.js'
export { useNow } from './use-now.js'

import { useChat } from 'equilux-chat-client/react'
import type { ConversationItem, ConversationList } from 'equilux-chat-client/store'

/** The conversation with a user, message requests included, as far as the list is loaded. */
export function itemOf ({ items, requests }: ConversationList, userId: string): ConversationItem | undefined {
  return items.find(item => item.userId === userId) ?? requests.find(item => item.userId === userId)
}

/** The same, and the component is rendered again when it changes. */
export function useItem (userId: string): ConversationItem | undefined {
  return useChat(({ conversations }) => itemOf(conversations, userId))
}

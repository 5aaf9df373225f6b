import type { Conversation, Message } from 'equilux-chat-client'

/** What a list shows of a message: its words, how many files it has, and what it did if it was a move. */
export function moveOf (message: Message): Conversation['lastMessage'] {
  const { seq, senderId, messageType, text = '', timestamp } = message
  const action = message.messageType === 'tradeOffer' ? 'offer' : message.messageType === 'tradeResponse' ? message.tradeResponse.action : undefined
  const files = message.messageType === 'tradeResponse' ? undefined : message.attachments?.length
  return { seq, senderId, messageType, text, timestamp, ...action && { action }, ...files !== undefined && { attachments: files } }
}

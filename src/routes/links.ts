/** An OpenAPI link: the operation that a response leads to, and what it takes of it. */
export function link (operationId: string, description: string, parameters: Record<string, string>) {
  return { operationId, description, parameters }
}

/** The link from a page to the next one. */
export function nextPage (operationId: string, parameters: Record<string, string> = {}) {
  return link(operationId, 'The next page, with the same query', { ...parameters, pageToken: '$response.body#/nextPageToken' })
}

/** The links to everything that can be done in the conversation with a user. @param userId where it is found */
export function conversationLinks (userId: string) {
  return {
    listMessages: link('listMessages', 'The conversation\'s messages', { userId }),
    getConversation: link('getConversation', 'The conversation as in the list', { userId }),
    getUser: link('getUser', 'That user', { userId }),
    sendMessage: link('sendMessage', 'Send that user a message', { userId }),
    markRead: link('markRead', 'Say up to where it is read', { userId })
  }
}

/** The link to a file. @param attachmentId where it is found */
export function attachmentLinks (attachmentId: string) {
  return { getAttachment: link('getAttachment', 'The file', { attachmentId }) }
}

/** The links to everything that can be done with a trade offer. @param messageId where it is found */
export function tradeLinks (messageId: string) {
  return {
    getTrade: link('getTrade', 'The offer as it is', { messageId }),
    respondToTrade: link('respondToTrade', 'Make a move', { messageId })
  }
}

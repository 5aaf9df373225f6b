import { useChat, useNow } from 'equilux-chat-client/react'
import type { ConversationItem } from 'equilux-chat-client/store'
import { ConversationLink } from './conversation-link.js'
import { moveFocus } from './move-focus.js'

const minute = 60_000

/** Links to conversations, as a list that the arrow keys go through. @param userId of the one that is open */
export function ConversationLinks ({ label, items, userId }: { label: string, items: readonly ConversationItem[], userId: string | undefined }) {
  const me = useChat(({ me }) => me)
  const now = useNow(minute)
  // With one of them the keyboard enters the list, and with arrows it goes through.
  const entrance = items.some(item => item.userId === userId) ? userId : items[0]?.userId
  return (
    <ul aria-label={label} onKeyDown={moveFocus}>
      {items.map(item => (
        <li key={item.userId}>
          <ConversationLink item={item} now={now} me={me} isCurrent={item.userId === userId} isEntrance={item.userId === entrance} />
        </li>
      ))}
    </ul>
  )
}

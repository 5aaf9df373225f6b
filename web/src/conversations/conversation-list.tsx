import { useChat, useConversations, useNow, useStore } from 'equilux-chat-client/react'
import { useText } from '../i18n/index.js'
import { Button, Notice, Spinner } from '../ui/index.js'
import { ConversationLink } from './conversation-link.js'
import { NobodyYet } from './nobody-yet.js'
import { moveFocus } from './move-focus.js'
import { useMore } from './use-more.js'

const minute = 60_000

/** The user's conversations, most recent first; more of them are read as they come into view. */
export function ConversationList ({ userId }: { userId: string | undefined }) {
  const text = useText()
  const store = useStore()
  const { items: answered, requests, status, hasMore } = useConversations()
  const items = [...requests, ...answered]
  const me = useChat(({ me }) => me)
  const now = useNow(minute)
  const more = useMore(hasMore && status === 'ready', items.length)
  // With one of them the keyboard enters the list, and with arrows it goes through.
  const entrance = items.some(item => item.userId === userId) ? userId : items[0]?.userId
  if (items.length === 0 && status === 'ready') return <NobodyYet />
  return (
    <div className='min-h-0 flex-1 overflow-y-auto px-2 pb-2'>
      {status === 'failed' && (
        <div className='p-2'>
          <Notice tone='bad'>
            <p className='pb-2'>{text('chat.listFailed')}</p>
            <Button size='small' onPress={() => { store.loadConversations() }}>{text('chat.tryAgain')}</Button>
          </Notice>
        </div>
      )}
      <ul aria-label={text('chat.conversations')} onKeyDown={moveFocus}>
        {items.map(item => (
          <li key={item.userId}>
            <ConversationLink item={item} now={now} me={me} isCurrent={item.userId === userId} isEntrance={item.userId === entrance} />
          </li>
        ))}
      </ul>
      {(status === 'loading' || hasMore) && <div ref={more} className='flex justify-center p-4'><Spinner label={text('chat.listLoading')} /></div>}
    </div>
  )
}

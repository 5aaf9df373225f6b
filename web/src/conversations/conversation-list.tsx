import { useConversations, useStore } from 'equilux-chat-client/react'
import { useText } from '../i18n/index.js'
import { Button, Notice, Spinner } from '../ui/index.js'
import { ConversationLinks } from './conversation-links.js'
import { NobodyYet } from './nobody-yet.js'
import { useMore } from './use-more.js'

/** The user's conversations, most recent first; more of them are read as they come into view. */
export function ConversationList ({ userId }: { userId: string | undefined }) {
  const text = useText()
  const store = useStore()
  const { items, requests, status, hasMore } = useConversations()
  const more = useMore(hasMore && status === 'ready', items.length + requests.length)
  if (items.length === 0 && !hasMore && status === 'ready') return <NobodyYet />
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
      <ConversationLinks label={text('chat.conversations')} items={items} userId={userId} />
      {(status === 'loading' || hasMore) && <div ref={more} className='flex justify-center p-4'><Spinner label={text('chat.listLoading')} /></div>}
    </div>
  )
}

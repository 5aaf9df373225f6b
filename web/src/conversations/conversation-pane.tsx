import { useChat } from 'equilux-chat-client/react'
import { useState } from 'react'
import { useText } from '../i18n/index.js'
import { ConversationList } from './conversation-list.js'
import { PeopleSearch } from './people-search.js'
import { RequestList } from './request-list.js'
import { RequestsButton } from './requests-button.js'

/** The list of conversations, or, as soon as something is searched for, who was found; message requests are a list of their own. */
export function ConversationPane ({ userId }: { userId: string | undefined }) {
  const text = useText()
  const [query, setQuery] = useState('')
  const [showsRequests, setShowsRequests] = useState(false)
  const count = useChat(({ conversations }) => conversations.requests.length)
  // What the page is about is the thread, if one is open.
  const Heading = userId === undefined ? 'h1' : 'h2'
  if (showsRequests) return <RequestList {...{ userId, Heading }} onBack={() => setShowsRequests(false)} />
  return (
    <>
      <Heading className='px-4 pt-4 pb-3 text-xl font-semibold'>{text('chat.conversations')}</Heading>
      <PeopleSearch {...{ query, setQuery }} />
      {query.trim() === '' && (
        <>
          {count > 0 && <RequestsButton count={count} onPress={() => setShowsRequests(true)} />}
          <ConversationList userId={userId} />
        </>
      )}
    </>
  )
}

import { useState } from 'react'
import { useText } from '../i18n/index.js'
import { ConversationList } from './conversation-list.js'
import { PeopleSearch } from './people-search.js'

/** The list of conversations, or, as soon as something is searched for, who was found. */
export function ConversationPane ({ userId }: { userId: string | undefined }) {
  const text = useText()
  const [query, setQuery] = useState('')
  // What the page is about is the thread, if one is open.
  const Heading = userId === undefined ? 'h1' : 'h2'
  return (
    <>
      <Heading className='px-4 pt-4 pb-3 text-xl font-semibold'>{text('chat.conversations')}</Heading>
      <PeopleSearch {...{ query, setQuery }} />
      {query.trim() === '' && <ConversationList userId={userId} />}
    </>
  )
}

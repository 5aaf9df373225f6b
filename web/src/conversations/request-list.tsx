import { useConversations } from 'equilux-chat-client/react'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useText } from '../i18n/index.js'
import { IconButton } from '../ui/index.js'
import { ConversationLinks } from './conversation-links.js'

interface Props {
  userId: string | undefined
  Heading: 'h1' | 'h2'
  onBack: () => void
}

/** Whoever has written and wasn't answered yet. */
export function RequestList ({ userId, Heading, onBack }: Props) {
  const text = useText()
  const { requests } = useConversations()
  const heading = useRef<HTMLHeadingElement>(null)
  // What led here is gone.
  useEffect(() => heading.current?.focus(), [])
  return (
    <>
      <header className='flex items-center gap-2 px-2 pt-3 pb-2'>
        <IconButton label={text('chat.back')} icon={ArrowLeft} isDirectional onPress={onBack} />
        <Heading ref={heading} tabIndex={-1} className='min-w-0 flex-1 truncate text-xl font-semibold outline-none'>{text('safety.requests')}</Heading>
      </header>
      <p className='px-5 pb-3 text-sm text-muted'>{text(requests.length === 0 ? 'safety.requestsNone' : 'safety.requestsHint')}</p>
      <div className='min-h-0 flex-1 overflow-y-auto px-2 pb-2'>
        <ConversationLinks label={text('safety.requests')} items={requests} userId={userId} />
      </div>
    </>
  )
}

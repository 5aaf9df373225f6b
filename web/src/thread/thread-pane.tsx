import { useChat } from 'equilux-chat-client/react'
import { UserX } from 'lucide-react'
import { useRef } from 'react'
import { useItem } from '../conversations/use-item.js'
import { useText } from '../i18n/index.js'
import { errorText } from '../offers/error-text.js'
import { RequestBanner } from '../safety/request-banner.js'
import { useSafety } from '../safety/use-safety.js'
import { SafetyWindows } from '../safety/windows.js'
import { EmptyState, Notice, Spinner } from '../ui/index.js'
import { ThreadHeader } from './thread-header.js'
import { ThreadView } from './thread-view.js'
import { useUser } from './use-user.js'

/** The conversation with a user, if there is such a user. */
export function ThreadPane ({ userId }: { userId: string }) {
  const text = useText()
  const { user, isUnknown } = useUser(userId)
  const isSelf = useChat(({ me }) => me === userId)
  const isRequest = useItem(userId)?.contact === 'requested'
  const safety = useSafety(userId)
  const field = useRef<HTMLTextAreaElement>(null)
  if (isUnknown || isSelf) {
    return <EmptyState isPage icon={UserX} title={text('chat.unknown')}>{text(isSelf ? 'chat.unknownSelf' : 'chat.unknownHint')}</EmptyState>
  }
  if (user === undefined) return <div className='m-auto p-8'><Spinner label={text('chat.loading')} /></div>
  return (
    <section aria-label={text('chat.conversationWith', { name: user.username })} className='flex min-h-0 flex-1 flex-col'>
      <ThreadHeader {...{ user, safety }} />
      {safety.error !== undefined && <div className='p-3'><Notice tone='bad'>{errorText(safety.error, text)}</Notice></div>}
      {isRequest && !safety.isBlocked && <RequestBanner {...{ user, safety }} onAccept={() => field.current?.focus()} />}
      <ThreadView {...{ user, field, safety }} />
      <SafetyWindows {...{ user, safety }} />
    </section>
  )
}

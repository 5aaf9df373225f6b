import type { ConversationItem } from 'equilux-chat-client/store'
import { Ban, BellOff } from 'lucide-react'
import { memo } from 'react'
import { Link } from 'wouter'
import { useLocale, useText } from '../i18n/index.js'
import { Badge, classes } from '../ui/index.js'
import { threadPath } from './paths.js'
import { previewOf } from './preview.js'
import { UserAvatar } from './user-avatar.js'
import { whenOf } from './when.js'

interface Props {
  item: ConversationItem
  /** The server's clock, in whole minutes. */
  now: number
  me: string | undefined
  isCurrent: boolean
  /** Whether the tab key comes here. */
  isEntrance: boolean
}

/** A conversation in the list: who, what was last, what is new. */
export const ConversationLink = memo(function ConversationLink ({ item, now, me, isCurrent, isEntrance }: Props) {
  const text = useText()
  const { locale, timeZone, direction } = useLocale()
  const { userId, user, lastMessage, unreadCount, isTyping, isMuted, isBlocked, yourMove, updatedAt } = item
  const isQuiet = isMuted || isBlocked
  const isNew = unreadCount > 0 && !isQuiet
  return (
    <Link
      to={threadPath(userId)} aria-current={isCurrent ? 'true' : undefined} tabIndex={isEntrance ? 0 : -1}
      className={classes('flex items-center gap-3 rounded-xl px-3 py-2.5 -outline-offset-2', isCurrent ? 'bg-accent-soft' : 'hover:bg-sunken')}
    >
      <UserAvatar user={user} />
      <span className='flex min-w-0 flex-1 flex-col gap-0.5'>
        <span className='flex items-baseline gap-2'>
          <span className={classes('min-w-0 flex-1 truncate', isNew ? 'font-semibold' : 'font-medium')}><bdi>{user.username}</bdi></span>
          {isMuted && <BellOff role='img' aria-label={text('chat.muted')} className='size-3.5 shrink-0 self-center text-muted' />}
          {isBlocked && <Ban role='img' aria-label={text('safety.blocked')} className='size-3.5 shrink-0 self-center text-muted' />}
          {updatedAt !== '' && <time dateTime={updatedAt} className='shrink-0 text-xs text-muted tabular-nums'>{whenOf(updatedAt, now, locale, timeZone)}</time>}
        </span>
        <span className='flex min-h-5 items-center gap-2 text-sm'>
          {isTyping
            ? <span className='min-w-0 flex-1 truncate text-accent'>{text('chat.typing')}</span>
            : <span dir='auto' className={classes('min-w-0 flex-1 truncate', direction === 'rtl' ? 'text-right' : 'text-left', isNew ? 'text-ink' : 'text-muted')}>{lastMessage && previewOf(lastMessage, me, text)}</span>}
          {yourMove > 0 && <Badge tone='warn'>{text('chat.yourMove', { count: yourMove })}</Badge>}
          {unreadCount > 0 && (
            <Badge tone={isQuiet ? 'neutral' : 'accent'}>
              <span aria-hidden>{unreadCount}</span><span className='sr-only'>{text('chat.unread', { count: unreadCount })}</span>
            </Badge>
          )}
        </span>
      </span>
    </Link>
  )
})

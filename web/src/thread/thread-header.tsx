import type { User } from 'equilux-chat-client'
import { useChat, useNow } from 'equilux-chat-client/react'
import { formatRelative, formatTime } from 'equilux-chat-client/format'
import { ArrowLeft, BellOff } from 'lucide-react'
import { useLocation } from 'wouter'
import { useItem } from '../conversations/use-item.js'
import { UserAvatar } from '../conversations/user-avatar.js'
import { useLocale, useText } from '../i18n/index.js'
import { ThreadMenu } from '../safety/thread-menu.js'
import type { Safety } from '../safety/use-safety.js'
import { IconButton } from '../ui/index.js'

const minute = 60_000

/** Who it is one talks to, whether they are there, and what can be done about the conversation. */
export function ThreadHeader ({ user, safety }: { user: User, safety: Safety }) {
  const text = useText()
  const [, navigate] = useLocation()
  const isMuted = useItem(user.userId)?.isMuted === true
  return (
    <header className='flex items-center gap-3 border-b border-line bg-raised px-2 py-2 md:px-4'>
      <IconButton label={text('chat.back')} icon={ArrowLeft} isDirectional className='md:hidden' onPress={() => navigate('/conversations')} />
      <UserAvatar user={user} />
      <div className='min-w-0 flex-1'>
        <h1 className='truncate font-semibold'><bdi>{user.username}</bdi></h1>
        <p className='truncate text-xs text-muted'>{safety.isBlocked ? text('safety.blocked') : <Presence user={user} />}</p>
      </div>
      {isMuted && <Muted userId={user.userId} />}
      <ThreadMenu safety={safety} />
    </header>
  )
}

/** That nothing is told of what is said here, and until when. */
function Muted ({ userId }: { userId: string }) {
  const text = useText()
  const { locale, timeZone } = useLocale()
  const until = useItem(userId)?.mutedUntil
  const label = until === undefined ? text('chat.muted') : text('safety.mutedUntil', { when: formatTime(until, locale, { timeZone }) })
  return <span title={label}><BellOff role='img' aria-label={label} className='size-4 text-muted' /></span>
}

function Presence ({ user: { userId, online, lastSeenAt } }: { user: User }) {
  const text = useText()
  const { locale } = useLocale()
  const now = useNow(minute)
  const isTyping = useChat(({ threads }) => Object.hasOwn(threads, userId) && threads[userId]?.isTyping === true)
  if (isTyping) return <span className='text-accent'>{text('chat.typing')}</span>
  if (online === true) return text('chat.online')
  // Those who haven't both written yet aren't told about each other.
  if (lastSeenAt === null) return '\u00a0'
  const seen = Math.floor(Date.parse(lastSeenAt) / minute) * minute
  return text('chat.lastSeen', { when: formatRelative(seen, Math.max(now, seen), locale) })
}

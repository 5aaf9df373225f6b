import type { User } from 'equilux-chat-client'
import { useChat, useNow, useStore } from 'equilux-chat-client/react'
import { formatRelative } from 'equilux-chat-client/format'
import { ArrowLeft, Bell, BellOff } from 'lucide-react'
import { useLocation } from 'wouter'
import { UserAvatar } from '../conversations/user-avatar.js'
import { useLocale, useText } from '../i18n/index.js'
import { IconButton } from '../ui/index.js'

const minute = 60_000

/** Who it is one talks to, whether they are there, and what can be done about the conversation. */
export function ThreadHeader ({ user }: { user: User }) {
  const text = useText()
  const store = useStore()
  const [, navigate] = useLocation()
  const { isMuted, isKnown } = useChat(({ conversations }) => {
    const item = conversations.items.find(({ userId }) => userId === user.userId)
    return { isMuted: item?.isMuted === true, isKnown: item !== undefined }
  })
  return (
    <header className='flex items-center gap-3 border-b border-line bg-raised px-2 py-2 md:px-4'>
      <IconButton label={text('chat.back')} icon={ArrowLeft} isDirectional className='md:hidden' onPress={() => navigate('/conversations')} />
      <UserAvatar user={user} />
      <div className='min-w-0 flex-1'>
        <h1 className='truncate font-semibold'><bdi>{user.username}</bdi></h1>
        <p className='truncate text-xs text-muted'><Presence user={user} /></p>
      </div>
      {isKnown && (
        <IconButton
          label={text(isMuted ? 'chat.unmute' : 'chat.mute')} icon={isMuted ? BellOff : Bell} onPress={() => store.mute(user.userId, !isMuted)}
        />
      )}
    </header>
  )
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

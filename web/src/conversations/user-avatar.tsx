import type { User } from 'equilux-chat-client'
import { useText } from '../i18n/index.js'
import { Avatar } from '../ui/index.js'

/** A user's letters, with a dot while they are online. */
export function UserAvatar ({ user: { username, online } }: { user: User }) {
  const text = useText()
  return (
    <span className='relative inline-flex shrink-0'>
      <Avatar name={username} />
      {online === true && (
        <span title={text('chat.online')} className='absolute -end-0.5 -bottom-0.5 size-3.5 rounded-full border-2 border-raised bg-[#2f9e5b]'>
          <span className='sr-only'>{text('chat.online')}</span>
        </span>
      )}
    </span>
  )
}

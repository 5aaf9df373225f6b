import type { User } from 'equilux-chat-client'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { useText } from '../i18n/index.js'
import { Notice, Spinner } from '../ui/index.js'
import { usePeople } from './use-people.js'
import { UserAvatar } from './user-avatar.js'

/** Whose names begin as was typed. @param onOpen is called with the id of who was chosen */
export function PeopleFound ({ query, onOpen }: { query: string, onOpen: (userId: string) => void }) {
  const text = useText()
  const { users, isLoading, error } = usePeople(query)
  if (error !== undefined) return <div className='p-4'><Notice tone='bad'>{text('chat.searchFailed')}</Notice></div>
  if (users.length === 0) {
    return isLoading
      ? <div className='flex justify-center p-6'><Spinner label={text('chat.searching')} /></div>
      : <p role='status' className='px-6 py-8 text-center text-sm text-muted'>{text('chat.searchNone', { query })}</p>
  }
  const names = users.map(({ username }) => username)
  const isAmbiguous = ({ username }: User) => names.indexOf(username) !== names.lastIndexOf(username)
  return (
    <ListBox
      aria-label={text('chat.people')} items={users} dependencies={[names]} onAction={key => onOpen(String(key))}
      className='min-h-0 flex-1 overflow-y-auto px-2 pb-2 outline-none'
    >
      {user => (
        <ListBoxItem
          id={user.userId} textValue={user.username}
          className='flex cursor-pointer items-center gap-3 rounded-xl px-3 py-2.5 outline-none hover:bg-sunken focus:bg-accent-soft data-focused:bg-accent-soft'
        >
          <UserAvatar user={user} />
          <span className='min-w-0'>
            <bdi className='block truncate font-medium'>{user.username}</bdi>
            {isAmbiguous(user) && <span dir='ltr' className='block truncate text-xs text-muted'>{user.userId}</span>}
          </span>
        </ListBoxItem>
      )}
    </ListBox>
  )
}

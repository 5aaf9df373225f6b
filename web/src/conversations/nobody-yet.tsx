import { UsersRound } from 'lucide-react'
import { Link } from 'wouter'
import { useText } from '../i18n/index.js'
import { EmptyState } from '../ui/index.js'
import { threadPath } from './paths.js'
import { usePeople } from './use-people.js'
import { UserAvatar } from './user-avatar.js'

/** What somebody without a conversation sees: who is here to begin one with. */
export function NobodyYet () {
  const text = useText()
  const { users } = usePeople('')
  return (
    <div className='flex min-h-0 flex-1 flex-col overflow-y-auto'>
      <div className='py-2'><EmptyState icon={UsersRound} title={text('chat.listEmpty')}>{text('chat.listEmptyHint')}</EmptyState></div>
      {users.length > 0 && (
        <section className='px-2 pb-4'>
          <h2 className='px-3 pb-1 text-xs font-semibold text-muted'>{text('chat.peopleHere')}</h2>
          <ul>
            {users.map(user => (
              <li key={user.userId}>
                <Link to={threadPath(user.userId)} className='flex items-center gap-3 rounded-xl px-3 py-2.5 -outline-offset-2 hover:bg-sunken'>
                  <UserAvatar user={user} />
                  <bdi className='min-w-0 truncate font-medium'>{user.username}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

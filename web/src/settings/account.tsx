import { useChat } from 'equilux-chat-client/react'
import { LogOut } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { useSession } from '../session/index.js'
import { Avatar, Button } from '../ui/index.js'
import { Section } from './section.js'

/** Who is signed in. */
export function Account () {
  const text = useText()
  const { session, signOut } = useSession()
  const me = useChat(({ me }) => me)
  const userId = session?.userId ?? me ?? ''
  const name = session?.username ?? userId
  return (
    <Section title={text('shell.account')}>
      <div className='flex flex-wrap items-center gap-4'>
        <Avatar name={name} size='large' />
        <div className='min-w-0 flex-1'>
          <p className='truncate text-lg font-medium'><bdi>{name}</bdi></p>
          <p className='truncate text-sm text-muted'>{text('shell.userId')} <bdi className='font-mono'>{userId}</bdi></p>
        </div>
        <Button onPress={signOut} className='max-sm:w-full'><LogOut aria-hidden className='size-4 rtl:-scale-x-100' />{text('shell.signOut')}</Button>
      </div>
    </Section>
  )
}

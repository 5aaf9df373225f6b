import { Compass } from 'lucide-react'
import { Link } from 'wouter'
import { useText } from '../i18n/index.js'
import { EmptyState } from '../ui/index.js'

/** What an address shows that leads nowhere. */
export function NotFound () {
  const text = useText()
  return (
    <EmptyState title={text('shell.notFound')} icon={Compass} isPage>
      <p>{text('shell.notFoundHint')}</p>
      <Link to='/conversations' className='font-medium text-accent underline underline-offset-4'>{text('shell.toConversations')}</Link>
    </EmptyState>
  )
}

import { useChat } from 'equilux-chat-client/react'
import { Handshake, MessagesSquare, Settings, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useRoute } from 'wouter'
import { useText } from '../i18n/index.js'
import { Badge, classes } from '../ui/index.js'

/** What is around every view: the way to the others. */
export function Layout ({ children }: { children: ReactNode }) {
  const text = useText()
  const { unread, yourMove } = useChat(({ conversations: { unread, yourMove } }) => ({ unread, yourMove }))
  return (
    <div className='flex h-dvh flex-col-reverse md:flex-row'>
      <nav aria-label={text('shell.navigation')} className='flex shrink-0 justify-around border-t border-line bg-raised md:w-52 md:flex-col md:justify-start md:gap-1 md:border-e md:border-t-0 md:p-3'>
        <NavLink to='/conversations' icon={MessagesSquare} label={text('shell.conversations')} count={unread} countLabel={text('shell.unread', { count: unread })} />
        <NavLink to='/trades' icon={Handshake} label={text('shell.trades')} count={yourMove} countLabel={text('shell.yourMove', { count: yourMove })} />
        <NavLink to='/settings' icon={Settings} label={text('shell.settings')} />
      </nav>
      <main id='main' tabIndex={-1} className='flex min-h-0 min-w-0 flex-1 flex-col outline-none'>{children}</main>
    </div>
  )
}

function NavLink ({ to, icon: Icon, label, count = 0, countLabel }: { to: string, icon: LucideIcon, label: string, count?: number, countLabel?: string }) {
  const [isActive] = useRoute(`${to}/*?`)
  return (
    <Link
      to={to} aria-current={isActive ? 'page' : undefined}
      className={classes('flex flex-1 flex-col items-center gap-1 rounded-lg px-3 py-2 text-xs font-medium md:flex-none md:flex-row md:gap-3 md:text-sm', isActive ? 'text-accent md:bg-accent-soft' : 'text-muted hover:text-ink')}
    >
      <Icon aria-hidden className='size-5' />
      <span className='md:flex-1'>{label}</span>
      {count > 0 && <Badge tone='accent'><span aria-hidden>{count}</span><span className='sr-only'>{countLabel}</span></Badge>}
    </Link>
  )
}

import { useChat } from 'equilux-chat-client/react'
import { ChartColumn, Handshake, MessagesSquare, Settings, type LucideIcon } from 'lucide-react'
import { Link, useRoute } from 'wouter'
import { useAppConfig } from '../config/index.js'
import { useText } from '../i18n/index.js'
import { Badge, classes } from '../ui/index.js'
import { Logo } from './logo.js'

/** The way to the views, with how much waits in each: at the side of a wide screen, below on a narrow one. */
export function Navigation ({ className }: { className?: string }) {
  const text = useText()
  const { analytics } = useAppConfig()
  const { unread, yourMove } = useChat(({ conversations: { unread, yourMove } }) => ({ unread, yourMove }))
  return (
    <nav
      aria-label={text('shell.navigation')}
      className={classes('flex shrink-0 justify-around gap-1 border-t border-line bg-raised px-2 pt-1 pb-[max(0.25rem,env(safe-area-inset-bottom))] md:w-56 md:flex-col md:justify-start md:border-e md:border-t-0 md:p-3', className)}
    >
      <div className='hidden px-2 pt-2 pb-5 md:block'><Logo /></div>
      <Item to='/conversations' icon={MessagesSquare} label={text('shell.conversations')} count={unread} countLabel={text('shell.unread', { count: unread })} />
      <Item to='/trades' icon={Handshake} label={text('shell.trades')} count={yourMove} countLabel={text('shell.yourMove', { count: yourMove })} />
      {analytics && <Item to='/analytics' icon={ChartColumn} label={text('shell.analytics')} />}
      <Item to='/settings' icon={Settings} label={text('shell.settings')} />
    </nav>
  )
}

interface ItemProps {
  to: string
  icon: LucideIcon
  label: string
  count?: number
  countLabel?: string
}

function Item ({ to, icon: Icon, label, count = 0, countLabel }: ItemProps) {
  const [isHere] = useRoute(`${to}/*?`)
  return (
    <Link
      to={to} aria-current={isHere ? 'page' : undefined} title={count > 0 ? countLabel : undefined}
      className={classes(
        'relative flex min-w-0 flex-1 flex-col items-center gap-1 rounded-lg px-0.5 py-1.5 text-xs font-medium max-[26rem]:text-[0.6875rem] transition-colors md:flex-none md:flex-row md:gap-3 md:px-3 md:py-2.5 md:text-sm',
        isHere ? 'text-accent md:bg-accent-soft' : 'text-muted hover:bg-sunken hover:text-ink'
      )}
    >
      <Icon aria-hidden className='size-5 shrink-0' />
      <span className='max-w-full truncate md:flex-1'>{label}</span>
      {count > 0 && (
        <span className='absolute start-[calc(50%+0.25rem)] top-0 md:static'>
          <Badge tone='accent'><span aria-hidden>{count > 99 ? '99+' : count}</span><span className='sr-only'>{countLabel}</span></Badge>
        </span>
      )}
    </Link>
  )
}

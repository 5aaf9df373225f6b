import type { ReactNode } from 'react'
import { useRoute } from 'wouter'
import { MessageNotifications } from '../conversations/message-notifications.js'
import { useText } from '../i18n/index.js'
import { OfferWindows } from '../offers/offer-windows.js'
import { classes } from '../ui/index.js'
import { ConnectionBanner } from './connection-banner.js'
import { Navigation } from './navigation.js'
import { UpdateBanner } from './update-banner.js'
import { useDocumentTitle } from './use-document-title.js'
import { useRouteFocus } from './use-route-focus.js'

/** What is around every view: the way to the others, and how the connection is. */
export default function Layout ({ children }: { children: ReactNode }) {
  const text = useText()
  const main = useRouteFocus()
  useDocumentTitle()
  // On a narrow screen a conversation has it all.
  const [isThread] = useRoute('/conversations/:userId')
  return (
    <div className='flex h-dvh flex-col-reverse md:flex-row'>
      <a
        href='#main' className='sr-only focus:not-sr-only focus:fixed focus:start-3 focus:top-3 focus:z-50 focus:rounded-lg focus:bg-accent focus:px-4 focus:py-2 focus:text-on-accent'
        onClick={event => { event.preventDefault(); main.current?.focus() }}
      >
        {text('shell.skip')}
      </a>
      <MessageNotifications />
      <Navigation className={classes(isThread && 'max-md:hidden')} />
      <div className='flex min-h-0 min-w-0 flex-1 flex-col'>
        <ConnectionBanner />
        <UpdateBanner />
        <main id='main' ref={main} tabIndex={-1} className='flex min-h-0 min-w-0 flex-1 flex-col outline-none'>{children}</main>
      </div>
      <OfferWindows />
    </div>
  )
}

import { lazy, Suspense } from 'react'
import { useParams } from 'wouter'
import { useText } from '../i18n/index.js'
import { classes, Spinner } from '../ui/index.js'
import { ConversationPane } from './conversation-pane.js'
import { NothingChosen } from './nothing-chosen.js'
import { userIdOf } from './paths.js'

// With all that is in a thread it is as large as the rest: the list needn't wait for it.
const ThreadPane = lazy(async () => ({ default: (await import('../thread/thread-pane.js')).ThreadPane }))

/** The conversations, and beside them the one that the address names; on a narrow screen one or the other. */
export default function ConversationsView () {
  const text = useText()
  const userId = userIdOf(useParams<{ userId?: string }>().userId)
  const isOpen = userId !== undefined
  return (
    <div className='flex min-h-0 flex-1'>
      <section
        aria-label={text('chat.conversations')}
        className={classes('min-h-0 w-full shrink-0 flex-col border-line bg-raised md:flex md:w-80 md:border-e xl:w-96', isOpen ? 'hidden' : 'flex')}
      >
        <ConversationPane userId={userId} />
      </section>
      <div className={classes('min-h-0 min-w-0 flex-1 flex-col md:flex', isOpen ? 'flex' : 'hidden')}>
        <Suspense fallback={<div className='m-auto'><Spinner label={text('chat.loading')} /></div>}>
          {isOpen ? <ThreadPane key={userId} userId={userId} /> : <NothingChosen />}
        </Suspense>
      </div>
    </div>
  )
}

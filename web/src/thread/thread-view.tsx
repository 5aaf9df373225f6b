import type { User } from 'equilux-chat-client'
import { useThread } from 'equilux-chat-client/react'
import { MessageCircle } from 'lucide-react'
import { useCallback, useLayoutEffect, useRef } from 'react'
import { useText } from '../i18n/index.js'
import { EmptyState, Notice, Spinner } from '../ui/index.js'
import { Announcer } from './announcer.js'
import { Composer } from './composer.js'
import { Log } from './log.js'
import { useDraft } from './use-draft.js'
import { useOpening } from './use-opening.js'

/** What was said with a user, and the field to say more. */
export function ThreadView ({ user }: { user: User }) {
  const text = useText()
  const thread = useThread(user.userId)
  const opening = useOpening(thread)
  const [draft, setDraft] = useDraft(user.userId)
  const { entries, status } = thread
  const written = useRef(draft)
  useLayoutEffect(() => { written.current = draft })
  // What is being written stays, below what is taken back.
  const takeBack = useCallback((text: string) => setDraft([text, written.current].filter(part => part !== '').join('\n')), [setDraft])
  const name = user.username
  return (
    <>
      {status === 'failed' && <div className='p-3'><Notice tone='bad'>{text('chat.threadFailed')}</Notice></div>}
      {entries.length > 0
        ? <Log {...{ thread, name, opening }} onEdit={takeBack} />
        : (
          <div className='flex min-h-0 flex-1 overflow-y-auto'>
            {status === 'ready'
              ? <EmptyState icon={MessageCircle} title={text('chat.threadEmpty')}>{text('chat.threadEmptyHint', { name })}</EmptyState>
              : status === 'loading' && <div className='m-auto p-8'><Spinner label={text('chat.loading')} /></div>}
          </div>
          )}
      <Announcer {...{ entries, name, isReady: opening.isOpen }} />
      <Composer {...{ user, draft, setDraft }} />
    </>
  )
}

import type { MessageAttachment, User } from 'equilux-chat-client'
import { useThread } from 'equilux-chat-client/react'
import { MessageCircle } from 'lucide-react'
import { useCallback, useLayoutEffect, useRef, type RefObject } from 'react'
import { DropZone, FileWindows, useFileDrafts } from '../attachments/index.js'
import { useText } from '../i18n/index.js'
import type { Safety } from '../safety/use-safety.js'
import { EmptyState, Notice, Spinner } from '../ui/index.js'
import { Announcer } from './announcer.js'
import { Log } from './log.js'
import { useDraft } from './use-draft.js'
import { useOpening } from './use-opening.js'
import { Writing } from './writing.js'

interface Props {
  user: User
  /** The field for the next message, while there is one. */
  field: RefObject<HTMLTextAreaElement | null>
  safety: Safety
}

/** What was said with a user, and the field to say more, or why nothing more can be said. */
export function ThreadView ({ user, field, safety }: Props) {
  const text = useText()
  const thread = useThread(user.userId)
  const opening = useOpening(thread)
  const [draft, setDraft] = useDraft(user.userId)
  const files = useFileDrafts(user.userId, 'message')
  const { entries, status, refusal } = thread
  const written = useRef(draft)
  useLayoutEffect(() => { written.current = draft })
  // What is being written stays, below what is taken back.
  const takeBack = useCallback((text: string, attachments: readonly MessageAttachment[]) => {
    setDraft([text, written.current].filter(part => part !== '').join('\n'))
    files?.restore(attachments)
  }, [setDraft, files])
  const name = user.username
  return (
    <DropZone drafts={refusal === undefined && !safety.isBlocked ? files : undefined}>
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
      <Writing {...{ user, thread, safety, field, draft, setDraft, files }} />
      <FileWindows />
    </DropZone>
  )
}

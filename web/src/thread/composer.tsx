import type { User } from 'equilux-chat-client'
import { useStore } from 'equilux-chat-client/react'
import { Handshake, SendHorizontal } from 'lucide-react'
import { useEffect, useId, useLayoutEffect, useState, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react'
import { AttachButton, FileTray, hindranceOf, useDrafts, type FileDrafts } from '../attachments/index.js'
import { useText } from '../i18n/index.js'
import { OfferDialog } from '../offers/index.js'
import { classes, IconButton } from '../ui/index.js'
import { remainingOf, tidy } from './text.js'

export interface ComposerProps {
  user: User
  draft: string
  setDraft: (text: string) => void
  /** The files that go with it; undefined where none can. */
  files: FileDrafts | undefined
  field: RefObject<HTMLTextAreaElement | null>
}

/** Whether there is a keyboard on which Shift+Enter can be typed. */
const hasKeyboard = () => matchMedia('(hover: hover) and (pointer: fine)').matches

/** The field for the next message. Enter sends it where there is a keyboard; what can't be sent stays. */
export function Composer ({ user: { userId, username }, draft, setDraft, files, field }: ComposerProps) {
  const text = useText()
  const store = useStore()
  const counter = useId()
  const [isOffering, setOffering] = useState(false)
  const attaching = useDrafts(files)
  const remaining = remainingOf(draft)
  const isTooLong = remaining !== undefined && remaining < 0
  const canSend = (tidy(draft) !== '' || attaching.files.length > 0) && !isTooLong && hindranceOf(attaching) === undefined

  useLayoutEffect(() => {
    if (field.current === null) return
    field.current.style.height = 'auto'
    field.current.style.height = `${field.current.scrollHeight}px`
  }, [field, draft])
  useEffect(() => () => store.stopTyping(userId), [store, userId])
  useEffect(() => {
    // Elsewhere a keyboard would come up and hide what was said.
    if (hasKeyboard()) field.current?.focus()
  }, [field])

  const write = (text: string) => {
    setDraft(text)
    if (tidy(text) === '') store.stopTyping(userId)
    else store.typing(userId)
  }
  const send = () => {
    if (!canSend) return
    const attachments = files?.take() ?? []
    store.send(userId, { text: tidy(draft), ...attachments.length > 0 && { attachments } })
    setDraft('')
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While letters are being composed Enter takes them.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || !hasKeyboard()) return
    event.preventDefault()
    send()
  }

  const onPaste = (event: ClipboardEvent) => {
    const pasted = Array.from(event.clipboardData.files)
    // Cells of a spreadsheet come as text, and as a picture besides.
    if (files === undefined || pasted.length === 0 || event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    files.add(pasted)
  }

  return (
    <form
      className='border-t border-line bg-raised px-2 py-2 md:px-4 md:py-3'
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {files !== undefined && <FileTray drafts={files} state={attaching} name={username} onRemoved={() => field.current?.focus()} />}
      <div className='flex items-end gap-1 md:gap-2'>
        {files !== undefined && <AttachButton drafts={files} />}
        <IconButton label={text('chat.makeOffer')} icon={Handshake} onPress={() => setOffering(true)} />
        <textarea
          ref={field} rows={1} dir={draft === '' ? undefined : 'auto'} value={draft} aria-label={text('chat.messageTo', { name: username })} placeholder={text('chat.write')}
          aria-invalid={isTooLong || undefined} aria-describedby={remaining === undefined ? undefined : counter} enterKeyHint={hasKeyboard() ? 'send' : 'enter'}
          className={classes('max-h-40 min-h-10 min-w-0 flex-1 resize-none rounded-2xl border bg-surface px-4 py-2 text-base text-ink -outline-offset-1 placeholder:text-muted sm:text-sm/6', isTooLong ? 'border-bad' : 'border-line-strong')}
          onChange={({ target }) => write(target.value)} onKeyDown={onKeyDown} onPaste={onPaste}
        />
        <IconButton type='submit' variant='primary' label={text('chat.send')} icon={SendHorizontal} isDirectional isDisabled={!canSend} />
      </div>
      {remaining !== undefined && (
        <p id={counter} role='status' className={classes('px-12 pt-1 text-xs', isTooLong ? 'text-bad' : 'text-muted')}>
          {isTooLong ? text('chat.tooLong', { count: -remaining }) : text('chat.remaining', { count: remaining })}
        </p>
      )}
      <OfferDialog userId={userId} isOpen={isOffering} onOpenChange={setOffering} />
    </form>
  )
}

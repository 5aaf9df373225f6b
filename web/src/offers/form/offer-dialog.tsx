import { isolate } from 'equilux-chat-client/format'
import { useStore } from 'equilux-chat-client/react'
import { useCallback, useRef, type FormEvent } from 'react'
import { AttachButton, FileTray, hindranceOf, readyIn, useDrafts, useFaultText, useFileDrafts } from '../../attachments/index.js'
import { useAppConfig } from '../../config/index.js'
import { useText } from '../../i18n/index.js'
import { Button, Dialog, Notice } from '../../ui/index.js'
import { useName } from '../use-person.js'
import { checkOffer } from './check.js'
import { emptyDraft } from './draft.js'
import { focusFault } from './focus-fault.js'
import { serverFaults } from './server-faults.js'
import { SideChoice } from './side-choice.js'
import { TermsFields, tomorrow } from './terms-fields.js'
import { useDraft } from './use-draft.js'
import { useSending } from './use-sending.js'
import { useWriting } from './use-writing.js'

export interface OfferDialogProps {
  /** Whom to offer something. */
  userId: string
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

/** The form for a new offer. */
export default function OfferDialog ({ userId, isOpen, onOpenChange }: OfferDialogProps) {
  const text = useText()
  const name = useName(userId)
  return (
    <Dialog {...{ isOpen, onOpenChange }} size='large' title={text('trades.newOffer', { name: isolate(name) })}>
      <OfferForm {...{ userId }} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function OfferForm ({ userId, onDone }: { userId: string, onDone: () => void }) {
  const text = useText()
  const store = useStore()
  const writing = useWriting()
  const { defaultCurrency } = useAppConfig()
  const { draft, faults, change, setFaults } = useDraft(() => ({ ...emptyDraft(defaultCurrency), start: tomorrow(writing.timeZone) }))
  const files = useFileDrafts(userId, 'offer')
  const attaching = useDrafts(files)
  const hindrance = hindranceOf(attaching)
  const name = useName(userId)
  const faultText = useFaultText()
  const attachments = useRef<HTMLDivElement>(null)
  const sent = useCallback(() => {
    // Until then they stay, for the server may refuse the terms.
    files?.take()
    onDone()
  }, [files, onDone])
  const { isBusy, error, send } = useSending(userId, sent)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isBusy || hindrance !== undefined) return
    const { terms, faults = {} } = checkOffer(draft, writing, store.now())
    setFaults(faults)
    if (terms === undefined) focusFault(event.currentTarget)
    else send(terms, draft.text.trim(), readyIn(attaching))
  }
  return (
    <form onSubmit={submit} noValidate className='flex flex-col gap-5'>
      <SideChoice value={draft.side} onChange={side => change({ side })} />
      <TermsFields {...{ draft, faults, writing }} onChange={change} refused={serverFaults(error)} currency={defaultCurrency} isEndOptional />
      {files !== undefined && (
        <div ref={attachments} role='group' aria-label={text('files.attach')} tabIndex={-1} className='flex flex-col gap-2 outline-none'>
          <FileTray drafts={files} state={attaching} name={name} onRemoved={() => attachments.current?.focus()} />
          <div className='flex items-center gap-1 text-sm text-muted'><AttachButton drafts={files} /><span aria-hidden>{text('files.attach')}</span></div>
        </div>
      )}
      {error !== undefined && <Notice tone='bad'>{faultText(error, name)}</Notice>}
      <div className='flex flex-wrap justify-end gap-2'>
        <Button onPress={onDone}>{text('trades.cancel')}</Button>
        <Button type='submit' variant='primary' isPending={isBusy} isDisabled={hindrance !== undefined}>{text('trades.send')}</Button>
      </div>
    </form>
  )
}

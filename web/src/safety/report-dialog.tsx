import type { User } from 'equilux-chat-client'
import type { MakeReport } from 'equilux-chat-client/account'
import { isolate } from 'equilux-chat-client/format'
import { useState, type FormEvent } from 'react'
import { useText } from '../i18n/index.js'
import { errorText } from '../offers/error-text.js'
import { Button, Checkbox, Choices, Dialog, Focused, Notice, TextField } from '../ui/index.js'
import { Evidence } from './evidence.js'
import { useReporting } from './use-reporting.js'

const reasons: ReadonlyArray<MakeReport['reason']> = ['spam', 'fraud', 'abuse', 'other']
/** As many characters as the server takes. */
const maxNote = 1000

/** Asks what is wrong with another user, and reports it to those who run the service. */
export default function ReportDialog ({ user, onClose }: { user: User, onClose: () => void }) {
  const text = useText()
  return (
    <Dialog isOpen onOpenChange={onClose} title={text('safety.reportTitle', { name: isolate(user.username) })}>
      <ReportForm user={user} onDone={onClose} />
    </Dialog>
  )
}

function ReportForm ({ user: { userId, username }, onDone }: { user: User, onDone: () => void }) {
  const text = useText()
  const { state, error, report } = useReporting(userId)
  const [reason, setReason] = useState<MakeReport['reason']>()
  const [isReasonMissing, setReasonMissing] = useState(false)
  const [note, setNote] = useState('')
  const [seqs, setSeqs] = useState<number[]>([])
  const [alsoBlock, setAlsoBlock] = useState(false)
  const name = isolate(username)
  const said = note.trim()
  const excess = Array.from(said).length - maxNote
  if (state === 'done') return <Reported onDone={onDone} />

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setReasonMissing(reason === undefined)
    if (reason === undefined || excess > 0) return
    report({ reason, ...seqs.length > 0 && { seqs }, ...said !== '' && { note: said } }, alsoBlock)
  }
  return (
    <form onSubmit={submit} className='flex flex-col gap-5'>
      <p className='text-sm'>{text('safety.reportHint', { name })}</p>
      <Choices
        label={text('safety.reason')} value={reason} onChange={setReason}
        errorMessage={isReasonMissing && reason === undefined ? text('safety.reasonMissing') : undefined}
        options={reasons.map(value => ({ value, label: text(`safety.reason.${value}`) }))}
      />
      <TextField label={text('safety.note')} isMultiline value={note} onChange={setNote} errorMessage={excess > 0 ? text('chat.tooLong', { count: excess }) : undefined} />
      <Evidence userId={userId} seqs={seqs} onChange={setSeqs} />
      <Checkbox isSelected={alsoBlock} onChange={setAlsoBlock}>{text('safety.alsoBlock', { name })}</Checkbox>
      {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
      <div className='flex flex-wrap justify-end gap-2'>
        <Button onPress={onDone}>{text('trades.cancel')}</Button>
        <Button type='submit' variant='primary' isPending={state === 'busy'}>{text('safety.reportSend')}</Button>
      </div>
    </form>
  )
}

function Reported ({ onDone }: { onDone: () => void }) {
  const text = useText()
  return (
    <Focused className='flex flex-col gap-5 outline-none'>
      <Notice tone='good'>{text('safety.reported')}</Notice>
      <div className='flex justify-end'><Button variant='primary' onPress={onDone}>{text('shell.close')}</Button></div>
    </Focused>
  )
}

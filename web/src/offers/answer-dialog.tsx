import type { TradeOffer } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { useChat } from 'equilux-chat-client/react'
import { useState, type FormEvent } from 'react'
import { useText } from '../i18n/index.js'
import { Button, Dialog, Notice, TextField } from '../ui/index.js'
import { Countdown } from './countdown.js'
import { errorText } from './error-text.js'
import { Meanwhile } from './meanwhile.js'
import { otherOf, sideOf } from './standing.js'
import { Terms } from './terms.js'
import { cameTooLate, useMove } from './use-move.js'
import { useName } from './use-person.js'
import { useSeen } from './use-seen.js'
import { useTermText } from './use-term-text.js'

type Answer = 'accept' | 'reject' | 'withdraw'

const maxText = 4000

export interface AnswerDialogProps {
  offer: TradeOffer
  response: Answer
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

/** Asks once more before an offer is accepted, rejected or withdrawn, with the terms that this is about. */
export default function AnswerDialog ({ offer, response, isOpen, onOpenChange }: AnswerDialogProps) {
  const text = useText()
  return (
    <Dialog {...{ isOpen, onOpenChange }} title={text(`trades.ask.${response}`)}>
      <AnswerForm {...{ offer, response }} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function AnswerForm ({ offer: given, response, onDone }: { offer: TradeOffer, response: Answer, onDone: () => void }) {
  const text = useText()
  const termText = useTermText()
  const me = useChat(({ me }) => me) ?? ''
  const { seen, offer, hasMoved } = useSeen(given)
  const { isBusy, error, make } = useMove(seen.messageId)
  const [said, setSaid] = useState('')
  const name = isolate(useName(otherOf(seen, me)))
  const isLong = Array.from(said.trim()).length > maxText
  if (!isBusy && (hasMoved || (error !== undefined && cameTooLate(error)))) return <Meanwhile {...{ seen, offer, me }} onClose={onDone} />

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isLong) return
    const isMade = await make({ response, revision: seen.revision, ...said.trim() !== '' && { text: said.trim() } })
    if (isMade) onDone()
  }
  const terms = seen.currentProposal
  return (
    <form onSubmit={submit} className='flex flex-col gap-5'>
      <p>{text(`trades.about.${response}`, { side: sideOf(seen, me), name })}</p>
      <div className='rounded-lg border border-line bg-surface p-4'>
        <Terms {...{ terms }} expiry={<Countdown expiresAt={terms.expiresAt} />} />
      </div>
      <TextField
        label={text('trades.words')} isMultiline value={said} onChange={setSaid}
        errorMessage={isLong ? text('trades.fault.textLong', { max: maxText }) : undefined}
      />
      {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
      <div className='flex flex-wrap justify-end gap-2'>
        <Button onPress={onDone}>{text('trades.cancel')}</Button>
        <Button type='submit' variant={response === 'accept' ? 'primary' : 'danger'} isPending={isBusy}>
          {text(`trades.do.${response}`, { total: termText('total', terms) })}
        </Button>
      </div>
    </form>
  )
}

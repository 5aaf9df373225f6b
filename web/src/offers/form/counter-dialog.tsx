import type { TradeOffer } from 'equilux-chat-client'
import { totalPrice } from 'equilux-chat-client/format'
import { useChat, useStore } from 'equilux-chat-client/react'
import type { FormEvent } from 'react'
import { useText } from '../../i18n/index.js'
import { Button, Dialog, Notice } from '../../ui/index.js'
import { Changes } from '../changes.js'
import { errorText } from '../error-text.js'
import { Meanwhile } from '../meanwhile.js'
import { sideOf } from '../standing.js'
import { cameTooLate, useMove } from '../use-move.js'
import { useSeen } from '../use-seen.js'
import { checkCounter, readDraft } from './check.js'
import { draftOf } from './draft.js'
import { focusFault } from './focus-fault.js'
import { serverFaults } from './server-faults.js'
import { TermsFields } from './terms-fields.js'
import { useDraft } from './use-draft.js'
import { useWriting } from './use-writing.js'

export interface CounterDialogProps {
  offer: TradeOffer
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

/** The form for a counter-offer: it begins with the terms on the table and shows what is changed of them. */
export default function CounterDialog ({ offer, isOpen, onOpenChange }: CounterDialogProps) {
  const text = useText()
  return (
    <Dialog {...{ isOpen, onOpenChange }} size='large' title={text('trades.counterTitle')}>
      <CounterForm {...{ offer }} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function CounterForm ({ offer: given, onDone }: { offer: TradeOffer, onDone: () => void }) {
  const text = useText()
  const store = useStore()
  const writing = useWriting()
  const me = useChat(({ me }) => me) ?? ''
  const { seen, offer, hasMoved } = useSeen(given)
  const standing = seen.currentProposal
  const { isBusy, error, make } = useMove(seen.messageId)
  const { draft, faults, change, setFaults } = useDraft(() => draftOf(standing, sideOf(seen, me), writing))
  if (!isBusy && (hasMoved || (error !== undefined && cameTooLate(error)))) return <Meanwhile {...{ seen, offer, me }} onClose={onDone} />

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { terms, faults = {} } = checkCounter(draft, standing, writing, store.now())
    setFaults(faults)
    if (terms === undefined) return focusFault(event.currentTarget)
    const said = draft.text.trim()
    if (await make({ response: 'counter', revision: seen.revision, tradeType: standing.tradeType, ...terms, ...said !== '' && { text: said } })) onDone()
  }
  const read = readDraft(draft, writing)
  const proposed = read && { ...read, expiresAt: read.expiresAt ?? read.startTime, totalPrice: totalPrice(read.pricePerUnit, read.totalAmount) ?? '' }
  return (
    <form onSubmit={submit} noValidate className='flex flex-col gap-5'>
      <TermsFields {...{ draft, faults, writing }} onChange={change} refused={serverFaults(error)} currency={standing.currency} isEndOptional={standing.endTime === undefined} />
      <section aria-live='polite' className='flex flex-col gap-2 rounded-lg border border-line p-4'>
        <h3 className='text-sm font-semibold'>{text('trades.changes')}</h3>
        {proposed === undefined ? <p className='text-sm text-muted'>{text('trades.incomplete')}</p> : <Changes before={standing} after={proposed} />}
      </section>
      {faults.form !== undefined && <Notice tone='bad'>{text(faults.form.id, faults.form.values)}</Notice>}
      {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
      <div className='flex flex-wrap justify-end gap-2'>
        <Button onPress={onDone}>{text('trades.cancel')}</Button>
        <Button type='submit' variant='primary' isPending={isBusy}>{text('trades.sendCounter')}</Button>
      </div>
    </form>
  )
}

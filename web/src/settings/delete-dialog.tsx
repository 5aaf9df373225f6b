import type { ChatError } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { useChat } from 'equilux-chat-client/react'
import { useState, type FormEvent } from 'react'
import { useText } from '../i18n/index.js'
import { errorText } from '../offers/error-text.js'
import { Points } from '../safety/points.js'
import { useAccount } from '../safety/use-account.js'
import { useSession } from '../session/index.js'
import { Button, Dialog, Focused, Notice, TextField } from '../ui/index.js'

/** Says what goes and what stays, and has the account deleted once the reader's own name is typed. */
export default function DeleteDialog ({ onClose }: { onClose: () => void }) {
  const text = useText()
  return (
    <Dialog role='alertdialog' isOpen onOpenChange={onClose} title={text('safety.deleteTitle')}>
      <DeleteForm onCancel={onClose} />
    </Dialog>
  )
}

function DeleteForm ({ onCancel }: { onCancel: () => void }) {
  const text = useText()
  const account = useAccount()
  const { session, leave } = useSession()
  const me = useChat(({ me }) => me)
  const [typed, setTyped] = useState('')
  const [isMismatch, setMismatch] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<ChatError>()
  const name = session?.username ?? session?.userId ?? me ?? ''
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const isRight = same(typed, name)
    setMismatch(!isRight)
    if (!isRight || isBusy) return
    setBusy(true)
    const { data, error } = await account.deleteAccount()
    if (data !== undefined) return leave({ erasesAt: data.erasesAt })
    setBusy(false)
    setError(error)
  }
  if (error?.code === 'sign_in_again') {
    return (
      <Focused className='flex flex-col gap-5 outline-none'>
        <Notice tone='warn'>{text('safety.signInAgain')}</Notice>
        <div className='flex flex-wrap justify-end gap-2'>
          <Button onPress={onCancel}>{text('trades.cancel')}</Button>
          <Button variant='primary' onPress={() => leave({ from: '/settings', isAnew: true })}>{text('shell.signInAgain')}</Button>
        </div>
      </Focused>
    )
  }
  return (
    <form onSubmit={submit} noValidate className='flex flex-col gap-5'>
      <Points>
        {[text('safety.deleteTexts'), text('safety.deleteOffers'), text('safety.deleteTrades'), text('safety.deleteOthers'), text('safety.deleteGrace')]}
      </Points>
      <TextField
        label={text('safety.deleteConfirm', { name: isolate(name) })} autoComplete='off' value={typed} onChange={setTyped}
        errorMessage={isMismatch ? text('safety.deleteMismatch', { name: isolate(name) }) : undefined}
      />
      {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
      <div className='flex flex-wrap justify-end gap-2'>
        <Button onPress={onCancel}>{text('trades.cancel')}</Button>
        <Button type='submit' variant='danger' isPending={isBusy}>{text('safety.deleteDo')}</Button>
      </div>
    </form>
  )
}

/** Whether a name was typed, however the keyboard makes its letters. */
function same (typed: string, name: string): boolean {
  return typed.trim().normalize('NFKC') === name.trim().normalize('NFKC')
}

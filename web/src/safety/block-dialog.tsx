import type { ChatError, User } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { useStore } from 'equilux-chat-client/react'
import { useState } from 'react'
import { useText } from '../i18n/index.js'
import { errorText } from '../offers/error-text.js'
import { Button, Dialog, Notice } from '../ui/index.js'
import { Points } from './points.js'

/** Asks before a user is blocked, and says what that does. */
export default function BlockDialog ({ user: { userId, username }, onClose }: { user: User, onClose: () => void }) {
  const text = useText()
  const store = useStore()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<ChatError>()
  const name = isolate(username)
  const block = async () => {
    setBusy(true)
    const error = await store.block(userId, true)
    if (error === undefined) return onClose()
    setBusy(false)
    setError(error)
  }
  return (
    <Dialog role='alertdialog' isOpen onOpenChange={onClose} title={text('safety.blockTitle', { name })}>
      <div className='flex flex-col gap-5'>
        <Points>{[text('safety.blockStops'), text('safety.blockHides'), text('safety.blockOffers'), text('safety.blockSecret', { name }), text('safety.blockUndo', { name })]}</Points>
        {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
        <div className='flex flex-wrap justify-end gap-2'>
          <Button onPress={onClose}>{text('trades.cancel')}</Button>
          <Button variant='danger' isPending={isBusy} onPress={() => { block() }}>{text('safety.block')}</Button>
        </div>
      </div>
    </Dialog>
  )
}

import type { ChatError } from 'equilux-chat-client'
import { useFaultText } from '../attachments/index.js'
import { useText } from '../i18n/index.js'
import { Button } from '../ui/index.js'

interface Props {
  error: ChatError | undefined
  /** Of the other user. */
  name: string
  onRetry: () => void
  onDiscard: () => void
  /** Takes the words back, where there are any to take. */
  onEdit?: (() => void) | undefined
}

/** Why a message wasn't sent, and what can be done with it. */
export function FailedNotice ({ error, name, onRetry, onDiscard, onEdit }: Props) {
  const text = useText()
  const faultText = useFaultText()
  return (
    <div className='flex max-w-[min(88%,34rem)] flex-wrap items-center justify-end gap-1 text-xs'>
      {error !== undefined && <p dir='auto' className='px-1 text-bad'>{error.code === 'send_outdated' ? text('chat.outdated') : faultText(error, name)}</p>}
      <Button size='small' variant='quiet' onPress={onRetry}>{text('chat.tryAgain')}</Button>
      {onEdit !== undefined && <Button size='small' variant='quiet' onPress={onEdit}>{text('chat.edit')}</Button>}
      <Button size='small' variant='quiet' onPress={onDiscard}>{text('chat.discard')}</Button>
    </div>
  )
}

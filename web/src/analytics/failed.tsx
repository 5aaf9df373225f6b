import type { ChatError } from 'equilux-chat-client'
import { useText } from '../i18n/index.js'
import { errorText } from '../offers/error-text.js'
import { Button, Notice } from '../ui/index.js'

/** Why there are no figures, and a way to ask again. */
export function Failed ({ error, readAgain }: { error: ChatError, readAgain: () => void }) {
  const text = useText()
  return (
    <Notice tone='bad'>
      <div className='flex flex-wrap items-center justify-between gap-3'>
        <p className='min-w-0 flex-1 basis-48'>{errorText(error, text)}</p>
        <Button size='small' onPress={readAgain}>{text('shell.tryAgain')}</Button>
      </div>
    </Notice>
  )
}

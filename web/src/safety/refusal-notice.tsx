import type { User } from 'equilux-chat-client'
import { formatTime, isolate } from 'equilux-chat-client/format'
import type { Refusal } from 'equilux-chat-client/store'
import { Ban, Clock, MessageCircleOff, type LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useLocale, useText } from '../i18n/index.js'
import { Button } from '../ui/index.js'
import { useSuspension } from './use-suspension.js'

interface Props {
  user: User
  refusal: Refusal
  /** Whether the field for the next message has just been here, perhaps with the focus. */
  isNews: boolean
  onUnblock: () => void
  onTryAgain: () => void
}

const icons: Record<Refusal, LucideIcon> = {
  blocked: Ban, 'not-allowed': MessageCircleOff, 'reply-awaited': Clock, 'contact-limit': Clock, suspended: MessageCircleOff
}

/** In place of the field for the next message, while none can be sent: why, and what can be done about it. */
export function RefusalNotice ({ user: { username }, refusal, isNews, onUnblock, onTryAgain }: Props) {
  const text = useText()
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isNews && document.activeElement === document.body) notice.current?.focus()
  }, [isNews])
  const Icon = icons[refusal]
  return (
    <div ref={notice} role='status' tabIndex={-1} className='flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line bg-raised px-4 py-3 text-sm text-muted outline-none'>
      <Icon aria-hidden className='size-5 shrink-0' />
      <p className='min-w-40 flex-1'>{refusal === 'suspended' ? <Suspended /> : text(`safety.refusal.${refusal}`, { name: isolate(username) })}</p>
      {refusal === 'blocked'
        ? <Button size='small' onPress={onUnblock}>{text('safety.unblock')}</Button>
        : refusal !== 'reply-awaited' && <Button size='small' variant='quiet' onPress={onTryAgain}>{text('chat.tryAgain')}</Button>}
    </div>
  )
}

function Suspended () {
  const text = useText()
  const { locale, timeZone } = useLocale()
  const until = useSuspension()
  return until === undefined ? text('safety.refusal.suspended') : text('safety.suspendedUntil', { when: formatTime(until, locale, { timeZone }) })
}

import type { EntryState as State } from 'equilux-chat-client/store'
import { Check, CheckCheck, CircleAlert, Clock, CloudOff } from 'lucide-react'
import { useText } from '../i18n/index.js'

const icons = { sending: Clock, queued: CloudOff, failed: CircleAlert, delivered: Check, read: CheckCheck, received: undefined }
const looks = { sending: '', queued: 'text-warn', failed: 'text-bad', delivered: '', read: 'text-accent', received: '' }

/** What became of a message of one's own. What needs attention is said in words too. */
export function EntryState ({ state }: { state: State }) {
  const text = useText()
  const Icon = icons[state]
  if (Icon === undefined || state === 'received') return null
  const label = text(`chat.state.${state}`)
  const isWorded = state === 'failed' || state === 'queued'
  return (
    <span title={label} className={`inline-flex items-center gap-1 ${looks[state]}`}>
      <Icon aria-hidden className='size-4' />
      <span className={isWorded ? undefined : 'sr-only'}>{label}</span>
    </span>
  )
}

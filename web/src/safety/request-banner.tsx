import type { User } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { useText } from '../i18n/index.js'
import { Button } from '../ui/index.js'
import type { Safety } from './use-safety.js'

/** Above the messages of somebody whom the reader hasn't answered yet. @param onAccept is to lead to the answer */
export function RequestBanner ({ user: { username }, safety, onAccept }: { user: User, safety: Safety, onAccept: () => void }) {
  const text = useText()
  return (
    <section aria-labelledby='request' className='flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-accent-soft px-4 py-3 text-sm text-ink'>
      <div className='min-w-48 flex-1'>
        <h2 id='request' className='font-semibold'>{text('safety.requestTitle', { name: isolate(username) })}</h2>
        <p>{text('safety.requestHint')}</p>
      </div>
      <div className='flex flex-wrap gap-2'>
        <Button size='small' variant='primary' onPress={onAccept}>{text('safety.answer')}</Button>
        <Button size='small' onPress={() => safety.open('block')}>{text('safety.block')}</Button>
        <Button size='small' onPress={() => safety.open('report')}>{text('safety.report')}</Button>
      </div>
    </section>
  )
}

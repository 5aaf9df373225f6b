import { useChat } from 'equilux-chat-client/react'
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { previewOf } from '../conversations/preview.js'
import { useLocale, useText } from '../i18n/index.js'
import { moveOf } from '../thread/move-of.js'
import { Checkbox, classes, Time } from '../ui/index.js'

/** As many as a report takes. */
const max = 20

/** The last messages of a thread, newest first, to choose from. @param seqs of those chosen */
export function Evidence ({ userId, seqs, onChange }: { userId: string, seqs: readonly number[], onChange: (seqs: number[]) => void }) {
  const text = useText()
  const { direction } = useLocale()
  const me = useChat(({ me }) => me)
  const entries = useChat(({ threads }) => Object.hasOwn(threads, userId) ? threads[userId]?.entries : undefined)
  const messages = (entries ?? []).flatMap(({ message }) => message.seq === undefined || message.erased === true ? [] : [message]).slice(-max).reverse()
  if (messages.length === 0) return null
  return (
    <CheckboxGroup value={seqs.map(String)} onChange={chosen => onChange(chosen.map(Number).sort((one, other) => one - other))} className='flex flex-col gap-1.5'>
      <Label className='text-sm font-medium text-ink'>{text('safety.attach')}</Label>
      <div className='flex max-h-56 flex-col overflow-y-auto rounded-lg border border-line bg-surface px-3 py-1'>
        {messages.map(message => (
          <Checkbox key={message.seq} value={String(message.seq)}>
            <span dir='auto' className={classes('line-clamp-2 wrap-anywhere', direction === 'rtl' ? 'text-right' : 'text-left')}>{previewOf(moveOf(message), me, text)}</span>
            <Time at={message.timestamp} className='block text-xs text-muted' />
          </Checkbox>
        ))}
      </div>
      <Text slot='description' className='text-sm text-muted'>{text('safety.attachHint', { max })}</Text>
    </CheckboxGroup>
  )
}

import { Download, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useText } from '../i18n/index.js'
import { errorText } from '../offers/error-text.js'
import { Button, Notice } from '../ui/index.js'
import { Section } from './section.js'
import { useExport } from './use-export.js'

const DeleteDialog = lazy(async () => await import('./delete-dialog.js'))

/** What is stored about the reader: to take along, and to have erased. */
export function YourData () {
  const text = useText()
  const { state, count, error, start, cancel } = useExport()
  const [isDeleting, setDeleting] = useState(false)
  return (
    <Section title={text('safety.yourData')}>
      <div className='flex flex-col items-start gap-3'>
        <p className='text-sm text-muted'>{text('safety.exportHint')}</p>
        <div className='flex flex-wrap items-center gap-3'>
          <Button isPending={state === 'busy'} onPress={start}><Download aria-hidden className='size-4' />{text('safety.export')}</Button>
          {state === 'busy' && <Button variant='quiet' onPress={cancel}>{text('trades.cancel')}</Button>}
        </div>
        <p role='status' className='text-sm text-muted tabular-nums empty:hidden'>
          {state !== 'idle' && text(state === 'busy' ? 'safety.exporting' : 'safety.exportDone', { count })}
        </p>
        {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
      </div>
      <div className='flex flex-col items-start gap-3 border-t border-line pt-5'>
        <p className='text-sm text-muted'>{text('safety.deleteHint')}</p>
        <Button onPress={() => setDeleting(true)}><Trash2 aria-hidden className='size-4' />{text('safety.delete')}</Button>
      </div>
      {isDeleting && <Suspense><DeleteDialog onClose={() => setDeleting(false)} /></Suspense>}
    </Section>
  )
}

import { Download } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { Button } from '../ui/index.js'
import type { OpenedFile } from './opened.js'
import { useFaultText } from './use-fault-text.js'
import { useSave } from './use-save.js'

/** Saves the file that a window shows. */
export function SaveButton ({ attachment, name }: Pick<OpenedFile, 'attachment' | 'name'>) {
  const text = useText()
  const faultText = useFaultText()
  const { isBusy, error, save } = useSave(attachment)
  return (
    <>
      {error !== undefined && <p role='status' dir='auto' className='text-sm text-bad'>{faultText(error, name)}</p>}
      <Button isPending={isBusy} onPress={save}>{!isBusy && <Download aria-hidden className='size-4' />}{text('files.save')}</Button>
    </>
  )
}

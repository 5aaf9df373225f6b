import { useText } from '../i18n/index.js'
import { Dialog, Notice, Spinner } from '../ui/index.js'
import type { OpenedFile } from './opened.js'
import { SaveButton } from './save-button.js'
import { useBytes } from './use-bytes.js'
import { useFaultText } from './use-fault-text.js'
import { useObjectUrl } from './use-object-url.js'

/** An image as large as the window. */
export default function PictureDialog ({ attachment, name, onClose }: OpenedFile & { onClose: () => void }) {
  const text = useText()
  const faultText = useFaultText()
  const { blob, error } = useBytes(attachment, true)
  const url = useObjectUrl(blob)
  const { fileName } = attachment
  return (
    <Dialog title={text('files.photo')} size='full' isOpen onOpenChange={onClose}>
      <div className='flex flex-col items-center gap-4'>
        {error !== undefined
          ? <Notice tone='bad'>{faultText(error, name)}</Notice>
          : url === undefined
            ? <Spinner label={text('files.loading')} />
            : <img src={url} alt={fileName} className='max-h-[70dvh] max-w-full rounded-lg object-contain' />}
        <div className='flex w-full flex-wrap items-center justify-between gap-3'>
          <p className='min-w-0 text-sm text-muted wrap-anywhere'><bdi>{fileName}</bdi></p>
          <SaveButton {...{ attachment, name }} />
        </div>
      </div>
    </Dialog>
  )
}

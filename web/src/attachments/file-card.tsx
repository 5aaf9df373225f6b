import type { MessageAttachment } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocale, useText } from '../i18n/index.js'
import { IconButton, Spinner } from '../ui/index.js'
import { FileIcon } from './file-icon.js'
import type { Fault } from './fault.js'
import { formatSize } from './format-size.js'
import { endingOf } from './media-types.js'
import { useFaultText } from './use-fault-text.js'
import { useSave } from './use-save.js'

export interface FileCardProps {
  attachment: MessageAttachment
  isStored: boolean
  /** Of the other user. */
  name: string
  /** Why more of it can't be shown. */
  fault?: Fault | undefined
  /** What is shown of it below its name. */
  children?: ReactNode
}

/** A file by its name, to be saved. */
export function FileCard ({ attachment, isStored, name, fault, children }: FileCardProps) {
  const text = useText()
  const { locale } = useLocale()
  const faultText = useFaultText()
  const { isBusy, error = fault, save } = useSave(attachment)
  const { fileName, mediaType, size } = attachment
  const kind = endingOf(mediaType)?.toUpperCase()
  return (
    <div className='flex w-80 max-w-full flex-col gap-3 rounded-2xl border border-line bg-raised p-3 text-start text-ink'>
      <div className='flex items-center gap-3'>
        <FileIcon mediaType={mediaType} name={fileName} />
        <div className='min-w-0 flex-1'>
          <p className='line-clamp-2 text-sm font-medium wrap-anywhere'><bdi>{fileName}</bdi></p>
          <p className='text-xs text-muted'>{kind !== undefined && <><bdi>{kind}</bdi> · </>}<bdi>{formatSize(size, locale)}</bdi></p>
        </div>
        {isBusy
          ? <span className='flex size-10 items-center justify-center'><Spinner size='small' label={text('files.loading')} /></span>
          : <IconButton label={text('files.download', { name: isolate(fileName) })} icon={Download} isDisabled={!isStored} onPress={save} />}
      </div>
      {error !== undefined && <p role='status' dir='auto' className='text-xs text-bad'>{faultText(error, name)}</p>}
      {children}
    </div>
  )
}

import { isolate } from 'equilux-chat-client/format'
import { ImageDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { useLocale, useText } from '../i18n/index.js'
import { Spinner } from '../ui/index.js'
import { FileCard, type FileCardProps } from './file-card.js'
import { formatSize } from './format-size.js'
import { loadsItself } from './loads-itself.js'
import { fileWindow } from './opened.js'
import { blurOf } from './blur.js'
import { boxOf } from './sizes.js'
import { useBytes } from './use-bytes.js'
import { useObjectUrl } from './use-object-url.js'

/** An image in a thread: blurred as its sender says that it looks, then itself, which opens large. One that can't be shown is a file like others. */
export function Picture ({ attachment, isStored, name }: FileCardProps) {
  const text = useText()
  const { locale } = useLocale()
  const { fileName, size, thumbHash } = attachment
  const [isAsked, setAsked] = useState(false)
  const isWanted = isStored && (isAsked || loadsItself(size))
  const { blob, error, retry } = useBytes(attachment, isWanted)
  const [isBroken, setBroken] = useState(false)
  const url = useObjectUrl(blob)
  const preview = useMemo(() => blurOf(thumbHash), [thumbHash])
  const { width, ratio } = boxOf(attachment)
  const look = () => {
    setAsked(true)
    if (error !== undefined) retry()
    fileWindow.open({ kind: 'picture', attachment, name })
  }
  if (isBroken || (error !== undefined && !error.retryable)) return <FileCard {...{ attachment, isStored, name }} fault={error} />
  return (
    <Button
      aria-label={text('files.openPhoto', { name: isolate(fileName) })} isDisabled={!isStored && url === undefined} onPress={look}
      className='relative block max-w-full cursor-pointer overflow-hidden rounded-2xl border border-line bg-sunken disabled:cursor-default' style={{ width, aspectRatio: ratio }}
    >
      {preview !== undefined && <img src={preview} alt='' className='absolute inset-0 size-full object-cover' />}
      {url === undefined
        ? (
          <span className='absolute inset-0 flex items-center justify-center'>
            <span className='inline-flex items-center gap-2 rounded-full bg-raised/90 px-3 py-1.5 text-xs font-medium text-ink'>
              {isWanted && error === undefined ? <Spinner size='small' /> : <ImageDown aria-hidden className='size-4' />}
              <bdi>{formatSize(size, locale)}</bdi>
            </span>
          </span>
          )
        : <img src={url} alt='' className='absolute inset-0 size-full bg-sunken object-contain' onError={() => setBroken(true)} />}
    </Button>
  )
}

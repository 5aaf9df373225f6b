import { RotateCw, X } from 'lucide-react'
import { isolate } from 'equilux-chat-client/format'
import { useLocale, useText } from '../i18n/index.js'
import { IconButton } from '../ui/index.js'
import type { FileDraft } from './drafts.js'
import { FileIcon } from './file-icon.js'
import { formatSize } from './format-size.js'
import { isPicture } from './media-types.js'
import { blurOf } from './blur.js'
import { useObjectUrl } from './use-object-url.js'

interface Props {
  draft: FileDraft
  /** Why it failed, in words. */
  fault: string | undefined
  onRetry: () => void
  onRemove: () => void
}

/** A file that is being attached: how far it is, and what can be done about it. */
export function DraftItem ({ draft, fault, onRetry, onRemove }: Props) {
  const text = useText()
  const { locale } = useLocale()
  const { name, size, state, progress, prepared } = draft
  const isUnderWay = state === 'preparing' || state === 'uploading'
  const values = { name: isolate(name) }
  return (
    <li className='flex items-center gap-3 rounded-xl border border-line bg-surface p-2'>
      <Thumbnail draft={draft} />
      <div className='flex min-w-0 flex-1 flex-col gap-1'>
        <p className='truncate text-sm font-medium'><bdi>{name}</bdi></p>
        {isUnderWay && (
          <div
            role='progressbar' aria-label={text('files.uploading', values)} aria-valuenow={Math.round(progress * 100)} aria-valuemin={0} aria-valuemax={100}
            className='h-1.5 overflow-hidden rounded-full bg-sunken'
          >
            <div className='h-full rounded-full bg-accent transition-[width]' style={{ width: `${progress * 100}%` }} />
          </div>
        )}
        <p className='text-xs text-muted'>
          <bdi>{formatSize(size, locale)}</bdi> · {text(`files.state.${state}`)}
          {prepared?.hasNotes === true && <> · <span className='text-warn'>{text('files.notes')}</span></>}
        </p>
        {fault !== undefined && <p dir='auto' className='text-xs text-bad'>{fault}</p>}
      </div>
      {state === 'failed' && <IconButton label={text('files.retry', values)} icon={RotateCw} isDisabled={draft.fault?.retryable === false} onPress={onRetry} />}
      <IconButton label={text(isUnderWay ? 'files.cancel' : 'files.remove', values)} icon={X} onPress={onRemove} />
    </li>
  )
}

function Thumbnail ({ draft: { prepared, attachment, name } }: { draft: FileDraft }) {
  const { mediaType = '', thumbHash } = prepared ?? attachment ?? {}
  const url = useObjectUrl(isPicture(mediaType) ? prepared?.blob : undefined) ?? blurOf(thumbHash)
  if (url !== undefined) return <img src={url} alt='' className='size-11 shrink-0 rounded-lg object-cover' />
  return <FileIcon mediaType={mediaType} name={name} />
}

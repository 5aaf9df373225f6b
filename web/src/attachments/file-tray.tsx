import { useLocale, useText } from '../i18n/index.js'
import { Notice } from '../ui/index.js'
import { DraftItem } from './draft-item.js'
import { hindranceOf, maxFiles, type Drafts } from './drafts.js'
import type { FileDrafts } from './file-drafts.js'
import { useFaultText } from './use-fault-text.js'

export interface FileTrayProps {
  drafts: FileDrafts
  state: Drafts
  /** Of the other user. */
  name: string
  /** A file was taken away, and with it what had the focus. */
  onRemoved: () => void
}

/** The files that go with the next message, how far each of them is, and what keeps the message from being sent. */
export default function FileTray ({ drafts, state, name, onRemoved }: FileTrayProps) {
  const text = useText()
  const { locale } = useLocale()
  const faultText = useFaultText()
  const { files, refused, leftOut } = state
  const hindrance = hindranceOf(state)
  return (
    <div className='flex flex-col gap-2 pb-2'>
      {files.length > 0 && (
        <ul aria-label={text('files.drafts')} className='flex max-h-60 flex-col gap-2 overflow-y-auto'>
          {files.map(draft => (
            <DraftItem
              key={draft.key} draft={draft} fault={draft.fault && faultText(draft.fault, name)} onRetry={() => drafts.retry(draft.key)}
              onRemove={() => {
                drafts.remove(draft.key)
                onRemoved()
              }}
            />
          ))}
        </ul>
      )}
      {refused.length + leftOut > 0 && (
        <Notice tone='bad'>
          {refused.map(({ name: fileName, fault }, index) => <p key={index} className='wrap-anywhere'><bdi>{fileName}</bdi>: {faultText(fault, name)}</p>)}
          {leftOut > 0 && <p>{text('files.tooMany', { max: new Intl.NumberFormat(locale).format(maxFiles), count: leftOut })}</p>}
        </Notice>
      )}
      <p role='status' className='text-xs text-muted'>{hindrance !== undefined && text(`files.hindrance.${hindrance}`)}</p>
    </div>
  )
}

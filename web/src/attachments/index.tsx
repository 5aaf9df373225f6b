import { lazy, Suspense } from 'react'
import type { FileTrayProps } from './file-tray.js'
import type { MessageFilesProps } from './message-files.js'

/* Files of messages: attaching them, and what is shown of them. What does the work is loaded when there is some. */
export { AttachButton } from './attach-button.js'
export { DropZone } from './drop-zone.js'
export { hindranceOf, readyIn } from './drafts.js'
export type { FileDrafts } from './file-drafts.js'
export { FileWindows } from './file-windows.js'
export { useDrafts, useFileDrafts } from './use-file-drafts.js'
export { useFaultText } from './use-fault-text.js'

const LazyTray = lazy(async () => await import('./file-tray.js'))
const LazyFiles = lazy(async () => await import('./message-files.js'))

/** The files that are being attached, if any. */
export function FileTray (props: FileTrayProps) {
  const { files, refused, leftOut } = props.state
  return files.length + refused.length + leftOut > 0 && <Suspense><LazyTray {...props} /></Suspense>
}

/** The files of a message, if it has any. */
export function MessageFiles ({ attachments = [], ...props }: Omit<MessageFilesProps, 'attachments'> & { attachments: MessageFilesProps['attachments'] | undefined }) {
  return attachments.length > 0 && <Suspense fallback={<div className='h-16 w-80 max-w-full' />}><LazyFiles {...props} attachments={attachments} /></Suspense>
}

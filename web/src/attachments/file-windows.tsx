import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { fileWindow } from './opened.js'

const PictureDialog = lazy(async () => await import('./picture-dialog.js'))
const ProfileDialog = lazy(async () => await import('./profile/profile-dialog.js'))

/** The windows in which files are looked at, each loaded when it is first opened. */
export function FileWindows () {
  const { close: handleClose } = fileWindow
  const opened = useSyncExternalStore(fileWindow.subscribe, fileWindow.get)
  useEffect(() => handleClose, [handleClose])
  if (opened === undefined) return null
  const Window = opened.kind === 'picture' ? PictureDialog : ProfileDialog
  return <Suspense><Window {...opened} onClose={handleClose} /></Suspense>
}

import type { User } from 'equilux-chat-client'
import { lazy, Suspense } from 'react'
import type { Safety } from './use-safety.js'

const BlockDialog = lazy(async () => await import('./block-dialog.js'))
const ReportDialog = lazy(async () => await import('./report-dialog.js'))

/** The windows that ask before somebody is blocked or reported, each loaded when it is first opened. */
export function SafetyWindows ({ user, safety: { window, open } }: { user: User, safety: Safety }) {
  if (window === undefined) return null
  const close = () => open()
  return <Suspense>{window === 'block' ? <BlockDialog user={user} onClose={close} /> : <ReportDialog user={user} onClose={close} />}</Suspense>
}

import { useStore } from 'equilux-chat-client/react'
import { useMemo, useSyncExternalStore } from 'react'
import { useAppConfig } from '../config/index.js'
import { useText } from '../i18n/index.js'
import { draftsOf } from './desk.js'
import { noDrafts, type Drafts } from './drafts.js'
import type { FileDrafts } from './file-drafts.js'

/**
 * What is being attached to what is written to a user; it stays while one looks at other conversations. Undefined where the server takes no files.
 * @param place what is being written
 */
export function useFileDrafts (userId: string, place: 'message' | 'offer'): FileDrafts | undefined {
  const store = useStore()
  const text = useText()
  const { attachments: limits } = useAppConfig()
  return useMemo(() => limits && draftsOf(store, userId, place, limits, text('files.file')), [store, userId, place, limits, text])
}

const never = () => () => {}

/** How they are. */
export function useDrafts (drafts: FileDrafts | undefined): Drafts {
  return useSyncExternalStore(drafts?.subscribe ?? never, () => drafts?.get() ?? noDrafts)
}

import type { Thread } from 'equilux-chat-client/store'
import { useEffect, useRef, useState } from 'react'
import { RefusalNotice } from '../safety/refusal-notice.js'
import type { Safety } from '../safety/use-safety.js'
import { Composer, type ComposerProps } from './composer.js'

/** The field for the next message, or why none can be sent. What isn't the reader's to change may have changed: then they can try. */
export function Writing ({ thread: { entries, refusal: refused }, safety, ...composer }: ComposerProps & { thread: Thread, safety: Safety }) {
  const [doubt, setDoubt] = useState<{ failed: string | undefined }>()
  const refusal = safety.isBlocked ? 'blocked' : refused
  const failed = entries.findLast(({ state }) => state === 'failed')?.key
  // Until something else fails.
  const isDoubted = refusal !== 'blocked' && doubt !== undefined && (failed === undefined || failed === doubt.failed)
  const isWriting = refusal === undefined || isDoubted
  const wasWriting = useRef(false)
  useEffect(() => { wasWriting.current = isWriting })
  if (refusal === undefined || isDoubted) return <Composer {...composer} />
  return <RefusalNotice user={composer.user} refusal={refusal} isNews={wasWriting.current} onUnblock={() => safety.unblock()} onTryAgain={() => setDoubt({ failed })} />
}

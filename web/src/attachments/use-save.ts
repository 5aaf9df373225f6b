import type { ChatError } from 'equilux-chat-client'
import type { MessageAttachment } from 'equilux-chat-client'
import { useStore } from 'equilux-chat-client/react'
import { useState } from 'react'
import { saveFile } from '../ui/index.js'
import { deskOf } from './desk.js'

/** Hands a file to the browser under its name, to be saved: as bytes that no browser would show. */
export function useSave (attachment: MessageAttachment): { isBusy: boolean, error?: ChatError, save: () => void } {
  const { blobs } = deskOf(useStore())
  const [state, setState] = useState<{ isBusy: boolean, error?: ChatError }>({ isBusy: false })
  const save = async () => {
    setState({ isBusy: true })
    const { blob, error } = await blobs.load(attachment)
    if (blob !== undefined) saveFile(attachment.fileName, blob.slice(0, blob.size, 'application/octet-stream'))
    setState({ isBusy: false, error })
  }
  return {
    ...state,
    save () {
      save().catch((error: unknown) => {
        reportError(error)
        setState({ isBusy: false })
      })
    }
  }
}

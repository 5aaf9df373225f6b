import type { MessageAttachment } from 'equilux-chat-client'
import { WindowState } from '../ui/index.js'

/** A file that is looked at in a window of its own. */
export interface OpenedFile {
  kind: 'picture' | 'profile'
  attachment: MessageAttachment
  /** Of the other user. */
  name: string
}

/** It stays when the message is scrolled out of view. */
export const fileWindow = new WindowState<OpenedFile>()

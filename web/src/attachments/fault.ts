import type { ChatError } from 'equilux-chat-client'

/** Why a file can't be sent or had: the server's reasons, and those that are seen before it is asked. */
export type Fault = Pick<ChatError, 'detail' | 'retryable' | 'errors'> & { code: ChatError['code'] | 'file_empty' | 'image_unreadable' }

/** A reason that is seen here: nothing but another file helps. */
export function ownFault (code: Fault['code']): Fault {
  return { code, detail: code, retryable: false }
}

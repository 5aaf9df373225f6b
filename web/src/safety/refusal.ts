import type { ChatError } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { useChat } from 'equilux-chat-client/react'
import type { Refusal } from 'equilux-chat-client/store'
import type { Translate } from '../i18n/index.js'

const refusals: Partial<Record<ChatError['code'], Refusal>> = {
  blocked: 'blocked',
  contact_not_allowed: 'not-allowed',
  reply_awaited: 'reply-awaited',
  contact_limit: 'contact-limit',
  suspended: 'suspended'
}

/** Why nothing can be written to a user, if so. */
export function useRefusal (userId: string): Refusal | undefined {
  return useChat(({ threads }) => Object.hasOwn(threads, userId) ? threads[userId]?.refusal : undefined)
}

/** Whether offers of a user can only be ended now: what is awaited from the other has no bearing on them. */
export function useIsClosed (userId: string): boolean {
  const refusal = useRefusal(userId)
  return refusal === 'blocked' || refusal === 'not-allowed' || refusal === 'suspended'
}

/** A refusal in the reader's words; undefined for what is an error of another kind. @param name of the other user */
export function refusalText ({ code }: Pick<ChatError, 'code'>, name: string, text: Translate): string | undefined {
  const refusal = refusals[code]
  return refusal && text(`safety.refusal.${refusal}`, { name: isolate(name) })
}

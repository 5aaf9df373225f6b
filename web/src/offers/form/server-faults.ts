import type { ChatError } from 'equilux-chat-client'
import type { Draft } from './draft.js'

const fields: Readonly<Record<string, keyof Draft>> = {
  '/pricePerUnit': 'price',
  '/totalAmount': 'energy',
  '/currency': 'currency',
  '/startTime': 'start',
  '/endTime': 'end',
  '/expiresAt': 'expires',
  '/text': 'text'
}

/** What the server found wrong, by the field that it is about. What is about none is left to be said for the whole form. */
export function serverFaults (error: ChatError | undefined): Partial<Record<keyof Draft, string>> {
  const found: Partial<Record<keyof Draft, string>> = {}
  for (const { path, message } of error?.errors ?? []) {
    const field = fields[path]
    if (field !== undefined) found[field] ??= message
  }
  return found
}

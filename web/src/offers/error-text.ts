import type { ChatError } from 'equilux-chat-client'
import type { TextId, Translate } from '../i18n/index.js'

const known: Partial<Record<ChatError['code'], TextId>> = {
  network_unreachable: 'trades.error.network',
  timed_out: 'trades.error.network',
  offline: 'trades.error.network',
  rate_limited: 'trades.error.tooFast',
  too_many_revisions: 'trades.error.revisions',
  conversation_busy: 'trades.error.busy',
  database_unavailable: 'trades.error.busy',
  shutting_down: 'trades.error.busy'
}

/** Why something failed, for the reader: in the app's words where it has some, else in the server's. */
export function errorText (error: Pick<ChatError, 'code' | 'detail' | 'errors'>, text: Translate): string {
  const id = known[error.code]
  return id === undefined ? error.errors?.[0]?.message ?? error.detail : text(id)
}

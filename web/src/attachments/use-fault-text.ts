import type { ChatError } from 'equilux-chat-client'
import { useCallback } from 'react'
import { useAppConfig } from '../config/index.js'
import { useLocale, useText, type TextId } from '../i18n/index.js'
import { errorText } from '../offers/error-text.js'
import { refusalText } from '../safety/refusal.js'
import type { Fault } from './fault.js'
import { formatSize } from './format-size.js'

const known: Partial<Record<Fault['code'], TextId>> = {
  file_empty: 'files.fault.empty',
  image_unreadable: 'files.fault.unreadable',
  file_unreadable: 'files.fault.changed',
  insecure_context: 'files.fault.insecure',
  attachment_too_large: 'files.fault.large',
  attachment_type_not_allowed: 'files.fault.type',
  attachment_mismatch: 'files.fault.mismatch',
  attachment_digest_mismatch: 'files.fault.mismatch',
  attachment_quota: 'files.fault.quota',
  attachment_scanning: 'files.fault.scanning',
  attachment_unavailable: 'files.fault.gone',
  attachment_not_found: 'files.fault.missing',
  attachment_not_uploaded: 'files.fault.missing',
  attachment_used: 'files.fault.missing',
  storage_unavailable: 'files.fault.storage'
}

/** What says why a file can't be sent or had, in the reader's words. It takes the reason, and the name of the other user. */
export function useFaultText (): (fault: Fault, name: string) => string {
  const text = useText()
  const { locale } = useLocale()
  const { attachments } = useAppConfig()
  return useCallback((fault, name) => {
    const id = known[fault.code]
    if (id !== undefined) return text(id, { max: formatSize(attachments?.maxBytes ?? 0, locale) })
    // Its own codes are among those above.
    const error = { ...fault, code: fault.code as ChatError['code'] }
    return refusalText(error, name, text) ?? errorText(error, text)
  }, [text, locale, attachments])
}

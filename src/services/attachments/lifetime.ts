import type { AttachmentItem } from '../../database/entities/attachment.js'

/** How long an attachment waits for its message, in ms; the store keeps its bytes as long at least. */
export const pendingFor = 24 * 60 * 60 * 1000

/** Whether a message can still have it. @param now ms since the epoch: what has run out is deleted late */
export function isPending ({ state, ttl = Infinity }: AttachmentItem, now: number): boolean {
  return state === 'pending' && now < ttl * 1000
}

/** Whether its bytes are gone for good. */
export function isGone ({ state }: AttachmentItem): boolean {
  return state === 'infected' || state === 'erased'
}

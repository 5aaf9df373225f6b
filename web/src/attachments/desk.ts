import type { ChatStore } from 'equilux-chat-client/store'
import { Blobs } from './blobs.js'
import type { Limits } from './drafts.js'
import { FileDrafts } from './file-drafts.js'

/** What there is of files while somebody is signed in; it goes with their store. */
export interface Desk {
  readonly blobs: Blobs
  /** What is being attached, by where. */
  readonly drafts: Map<string, FileDrafts>
}

const desks = new WeakMap<ChatStore, Desk>()

export function deskOf (store: ChatStore): Desk {
  const known = desks.get(store)
  if (known !== undefined) return known
  const blobs = new Blobs(async attachmentId => {
    const { data, error } = await (await clientOf(store)).download(attachmentId)
    return data === undefined ? { error } : { blob: data.blob }
  })
  const desk = { blobs, drafts: new Map<string, FileDrafts>() }
  desks.set(store, desk)
  return desk
}

/**
 * What is being attached to what is written to a user.
 * @param place what is being written, e.g. an offer
 * @param fallbackName of a file whose own can't be used
 */
export function draftsOf (store: ChatStore, userId: string, place: string, limits: Limits, fallbackName: string): FileDrafts {
  const { drafts, blobs } = deskOf(store)
  const key = `${place} ${userId}`
  const known = drafts.get(key)
  if (known !== undefined) return known
  const made = new FileDrafts(limits, {
    fallbackName,
    prepare: async (...file) => await (await import('./prepare.js')).prepare(...file),
    async upload ({ blob, hasNotes, ...described }, key, onProgress, signal) {
      const report = ({ loaded, total }: { loaded: number, total: number }) => onProgress(total === 0 ? 0 : loaded / total)
      const { data, error } = await (await clientOf(store)).upload(userId, blob, { ...described, key, onProgress: report, signal })
      if (data === undefined) return { error }
      // What was just sent needn't be fetched to be shown.
      blobs.put(data.attachmentId, blob)
      return { data }
    }
  })
  drafts.set(key, made)
  return made
}

async function clientOf ({ api }: ChatStore) {
  return (await import('equilux-chat-client/attachments')).createAttachments(api)
}

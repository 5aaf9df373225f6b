import type { MessageAttachment } from 'equilux-chat-client'
import { maxFiles, noDrafts, readyIn, type Drafts, type FileDraft, type Limits } from './drafts.js'
import { ownFault, type Fault } from './fault.js'
import { tidyName } from './file-names.js'
import { mediaTypeOf } from './media-types.js'
import type { Prepared } from './prepare.js'

/** What is done with files: all of it comes later than the first view. */
export interface FileWork {
  prepare: (file: Blob, name: string, mediaType: string) => Promise<Prepared | undefined>
  /** @param key by which an upload that broke off is known */
  upload: (prepared: Prepared, key: string, onProgress: (progress: number) => void, signal: AbortSignal) => Promise<{ data?: MessageAttachment, error?: Fault }>
  /** What a file is called whose own name can't be used. */
  fallbackName: string
}

interface Job { file: Blob, mediaType: string, abort: AbortController }

/** The files that are being attached to the next message: each is made ready and uploaded at once. */
export class FileDrafts {
  #drafts = noDrafts
  readonly #jobs = new Map<string, Job>()
  readonly #listeners = new Set<() => void>()

  constructor (readonly limits: Limits, private readonly work: FileWork) {}

  readonly subscribe = (listener: () => void): () => void => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly get = (): Drafts => this.#drafts

  /** Takes files as far as the server would and there is room. */
  add (files: readonly File[]): void {
    const named = files.map(file => ({ file, name: tidyName(file.name, this.work.fallbackName), mediaType: mediaTypeOf(file) }))
    const judged = named.map(one => ({ ...one, fault: this.#faultOf(one.file, one.mediaType) }))
    const good = judged.filter(({ fault }) => fault === undefined)
    const taken = good.slice(0, maxFiles - this.#drafts.files.length).map(one => ({ ...one, key: randomKey() }))
    this.#change({
      files: [...this.#drafts.files, ...taken.map(({ key, name, file }) => ({ key, name, size: file.size, state: 'preparing', progress: 0 } as const))],
      refused: judged.flatMap(({ name, fault }) => fault === undefined ? [] : [{ name, fault }]),
      leftOut: good.length - taken.length
    })
    for (const { key, file, mediaType = '' } of taken) this.#start(key, file, mediaType)
  }

  /** Takes back what a message had that wasn't sent. */
  restore (attachments: readonly MessageAttachment[]): void {
    const room = maxFiles - this.#drafts.files.length
    const files = attachments.slice(0, room).map(attachment => ({
      key: attachment.attachmentId, name: attachment.fileName, size: attachment.size, state: 'ready', progress: 1, attachment
    } as const))
    this.#change({ files: [...this.#drafts.files, ...files] })
  }

  /** Gives a file up, whatever has become of it. */
  remove (key: string): void {
    this.#jobs.get(key)?.abort.abort()
    this.#jobs.delete(key)
    this.#change({ files: this.#drafts.files.filter(file => file.key !== key), refused: [], leftOut: 0 })
  }

  /** Tries again what failed: an upload goes on as the same. */
  retry (key: string): void {
    const job = this.#jobs.get(key)
    if (job !== undefined) this.#start(key, job.file, job.mediaType)
  }

  /** Hands out what is ready, to be sent now, and begins anew. */
  take (): MessageAttachment[] {
    const attachments = readyIn(this.#drafts)
    for (const { abort } of this.#jobs.values()) abort.abort()
    this.#jobs.clear()
    this.#change(noDrafts)
    return attachments
  }

  #faultOf ({ size }: File, mediaType: string | undefined): Fault | undefined {
    const { maxBytes, mediaTypes } = this.limits
    if (mediaType === undefined || !mediaTypes.includes(mediaType)) return ownFault('attachment_type_not_allowed')
    if (size === 0) return ownFault('file_empty')
    // An image gets smaller.
    return size > maxBytes && !mediaType.startsWith('image/') ? ownFault('attachment_too_large') : undefined
  }

  async #start (key: string, file: Blob, mediaType: string) {
    const abort = new AbortController()
    this.#jobs.set(key, { file, mediaType, abort })
    const { name, prepared: known } = this.#drafts.files.find(file => file.key === key) ?? { name: '' }
    const set = (changed: Partial<FileDraft>) => { if (!abort.signal.aborted) this.#set(key, changed) }
    set({ state: 'preparing', progress: 0, fault: undefined })
    try {
      const prepared = known ?? await this.work.prepare(file, name, mediaType)
      if (prepared === undefined) return set({ state: 'failed', fault: ownFault('image_unreadable') })
      const { blob: { size }, fileName } = prepared
      if (size > this.limits.maxBytes) return set({ state: 'failed', size, fault: ownFault('attachment_too_large') })
      if (abort.signal.aborted) return
      set({ state: 'uploading', prepared, size, name: fileName })
      const { data, error } = await this.work.upload(prepared, key, progress => set({ progress }), abort.signal)
      set(data === undefined ? { state: 'failed', fault: error } : { state: 'ready', progress: 1, attachment: data })
    } catch (error) {
      // What does the work has to be loaded first.
      set({ state: 'failed', fault: { code: 'network_unreachable', detail: String(error), retryable: true } })
    }
  }

  #set (key: string, changed: Partial<FileDraft>) {
    this.#change({ files: this.#drafts.files.map(file => file.key === key ? { ...file, ...changed } : file) })
  }

  #change (changed: Partial<Drafts>) {
    this.#drafts = { ...this.#drafts, ...changed }
    for (const listener of this.#listeners) listener()
  }
}

function randomKey (): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}

import type { ChatError } from 'equilux-chat-client'
import type { MessageAttachment } from 'equilux-chat-client'

/** What was downloaded, or why nothing was. */
export interface Loaded { blob?: Blob, error?: ChatError }

/** So much is kept, in bytes. */
const maxKept = 32 * 2 ** 20

/** The bytes of files that were shown or sent: those looked at last are kept for as long as the page is there, and nowhere else. */
export class Blobs {
  /** That looked at longest ago first. */
  readonly #kept = new Map<string, Blob>()
  readonly #loading = new Map<string, Promise<Loaded>>()

  constructor (private readonly download: (attachmentId: string) => Promise<Loaded>, private readonly max = maxKept) {}

  /** What is there already. */
  peek (attachmentId: string): Blob | undefined {
    return this.#kept.get(attachmentId)
  }

  /** Fetches it, once for all who ask. The blob has the media type that was checked, whatever the store says. */
  async load ({ attachmentId, mediaType }: MessageAttachment): Promise<Loaded> {
    const known = this.#kept.get(attachmentId)
    if (known !== undefined) {
      this.put(attachmentId, known)
      return { blob: known }
    }
    let loading = this.#loading.get(attachmentId)
    if (loading === undefined) this.#loading.set(attachmentId, loading = this.#fetch(attachmentId, mediaType))
    return await loading
  }

  put (attachmentId: string, blob: Blob): void {
    this.#kept.delete(attachmentId)
    this.#kept.set(attachmentId, blob)
    let size = [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0)
    for (const [id, { size: freed }] of this.#kept) {
      if (size <= this.max || id === attachmentId) break
      this.#kept.delete(id)
      size -= freed
    }
  }

  async #fetch (attachmentId: string, mediaType: string): Promise<Loaded> {
    try {
      const { blob, error } = await this.download(attachmentId)
      if (blob === undefined) return { error }
      const typed = blob.slice(0, blob.size, mediaType)
      this.put(attachmentId, typed)
      return { blob: typed }
    } finally {
      this.#loading.delete(attachmentId)
    }
  }
}

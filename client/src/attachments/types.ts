import type { Result } from '../errors.js'
import type { components, MessageAttachment } from '../index.js'

export type Attachment = components['schemas']['Attachment']

/** How much of a file has gone or come, in bytes. It begins anew with each try. */
export interface Progress {
  loaded: number
  total: number
}

export interface TransferOptions {
  onProgress?: ((progress: Progress) => void) | undefined
  /** Calls it off: the error is `aborted` then. */
  signal?: AbortSignal | undefined
}

export interface UploadOptions extends TransferOptions {
  /** By default that of a `File`, else `file`. */
  fileName?: string | undefined
  /** By default the type of the `Blob`. */
  mediaType?: string | undefined
  /** Of an image, in pixels. */
  width?: number | undefined
  height?: number | undefined
  /** A blurred preview of an image (ThumbHash), in base64. */
  thumbHash?: string | undefined
  /** The bytes are encrypted for the other user. */
  sealed?: true | undefined
  /** Names the upload: the same file to the same user under the same key is there once, however often it is tried within 24 hours. By default a random one. */
  key?: string | undefined
}

/** Nothing of it throws or rejects. */
export interface Attachments {
  /**
   * Uploads a file for a user: what is resolved to can be sent to them, once, within 24 hours. What breaks off is tried again, but not for ever.
   * @param to the other user's id
   */
  upload: (to: string, file: Blob, options?: UploadOptions) => Promise<Result<MessageAttachment>>
  /** What the server knows of a file, and where its bytes are. */
  get: (attachmentId: string, signal?: AbortSignal) => Promise<Result<Attachment>>
  /** The bytes of a file: those that were sent, or an error. They are whatever its sender likes: to be saved, and to be shown only by what shows nothing but images, or text. */
  download: (attachmentId: string, options?: TransferOptions) => Promise<Result<{ blob: Blob, attachment: Attachment }>>
}

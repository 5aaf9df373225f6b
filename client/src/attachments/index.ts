/** Files of messages: uploaded before they are sent, downloaded by the two users of the conversation. */
import { attachmentAnswers, shapes } from '../../../openapi/client/shapes.js'
import { defined } from '../defined.js'
import { ownError, type Result } from '../errors.js'
import { createClient, type ApiClient, type ApiOptions, type components } from '../index.js'
import { randomKey } from '../random-key.js'
import { tryOften } from '../try-often.js'
import { sha256Of } from './digest.js'
import { put } from './put.js'
import { read } from './read.js'
import type { Attachments, TransferOptions, UploadOptions } from './types.js'

export type { Result } from '../errors.js'
export type { MessageAttachment } from '../index.js'
export type { Attachment, Attachments, Progress, TransferOptions, UploadOptions } from './types.js'

type Described = Omit<components['schemas']['MakeAttachment'], 'to'>

/**
 * @param given the calls of a client or store, or what it takes to make some; the bytes go by the same `fetch` then
 * @throws TypeError if an option is wrong
 */
export function createAttachments (given: ApiClient | ApiOptions): Attachments {
  Object.assign(shapes.answers, attachmentAnswers)
  const [api, own] = 'GET' in given ? [given] : [createClient(given), given.fetch]

  async function get (attachmentId: string, signal?: AbortSignal) {
    return await api.GET('/api/attachments/{attachmentId}', { params: { path: { attachmentId } }, ...signal && { signal } })
  }

  return {
    async upload (to, file, { onProgress, signal, key = randomKey(), ...said } = {}) {
      const { data, error } = await describe(file, said)
      if (error !== undefined) return { error }
      const { bytes, described } = data
      const init = { params: { header: { 'idempotency-key': key } }, body: { to, ...described }, ...signal && { signal } }
      return await tryOften(async () => {
        const { data, error, response } = await api.POST('/api/attachments', init)
        if (error !== undefined) return { error }
        const { attachmentId, upload: { url, headers } } = data
        const refusal = await put({ url: absolute(url, response), headers, bytes, onProgress: reporter(described.size, onProgress) }, own, signal)
        return refusal === undefined ? { data: { attachmentId, ...described } } : { error: refusal }
      }, signal)
    },

    async get (attachmentId, signal) {
      const { data, error } = await get(attachmentId, signal)
      return error === undefined ? { data } : { error }
    },

    async download (attachmentId, { onProgress, signal } = {}) {
      return await tryOften(async () => {
        const { data: attachment, error, response } = await get(attachmentId, signal)
        if (error !== undefined) return { error }
        const { download, size } = attachment
        if (download === undefined) return { error: ownError('attachment_not_found', 'No message has it yet', { retryable: false }) }
        const { data: blob, error: fault } = await read(
          { url: absolute(download.url, response), file: attachment, onProgress: reporter(size, onProgress) }, own ?? globalThis.fetch, signal)
        return fault === undefined ? { data: { blob, attachment } } : { error: fault }
      }, signal)
    }
  }
}

/** What is to be said of a file, and its bytes: they are read once, so that no try sends others. */
async function describe (file: Blob, { fileName, mediaType, ...more }: UploadOptions): Promise<Result<{ bytes: ArrayBuffer, described: Described }>> {
  const { name = 'file', type }: { name?: string, type: string } = file
  try {
    const bytes = await file.arrayBuffer()
    const sha256 = await sha256Of(bytes)
    if (sha256 === undefined) return { error: ownError('insecure_context', 'Only a page that came over https can hash a file', { retryable: false }) }
    const [plainType = ''] = type.split(';')
    const described: Described = {
      // The names of a Mac's files are decomposed.
      fileName: (fileName ?? name).normalize(),
      mediaType: mediaType ?? (more.sealed || plainType === '' ? 'application/octet-stream' : plainType),
      size: bytes.byteLength,
      sha256,
      ...Object.fromEntries(defined(more))
    }
    return { data: { bytes, described } }
  } catch (cause) {
    return { error: ownError('file_unreadable', undefined, { retryable: false, cause }) }
  }
}

/** A URL of the server's: on itself, wherever that answered, or on another. */
function absolute (url: string, { url: asked }: Response): string {
  return url.startsWith('/') ? asked.replace(/\/api\/attachments\b.*$/, () => url) : url
}

/** What the app's own function throws is uncaught, as everywhere, and nothing else is ended by it. */
function reporter (total: number, onProgress: TransferOptions['onProgress']) {
  return (loaded: number) => queueMicrotask(() => onProgress?.({ loaded, total }))
}

import { createSignatures, type Signatures } from '../../shared/signatures.js'
import type { ObjectStore, ObjectTerms, SignedUpload } from '../object-store.js'
import { uploadHeaders } from '../upload-headers.js'

/** What a request for the content of an object says of itself. */
export interface ContentRequest {
  key: string
  query: Record<string, unknown>
  headers: Record<string, unknown>
}

type Download = Parameters<ObjectStore['signDownload']>[0]

/** Told apart by it from whatever else is signed with the same secrets. */
const purpose = 'attachment content'

/**
 * The URLs that an object's bytes are put to and got from. A signature is of everything that a request for them says, so that a
 * request which says anything else hasn't got one.
 */
export class ContentUrls {
  readonly #signatures: Signatures

  /** @param secrets the first signs, every one verifies. @param now the time, in ms since the epoch */
  constructor (secrets: readonly string[], private readonly now: () => number) {
    this.#signatures = createSignatures(secrets)
  }

  /** Where an object may be put. @param expiresAt ms since the epoch */
  upload (object: ObjectTerms, expiresAt: number): SignedUpload {
    const headers = uploadHeaders(object)
    const query = { expires: seconds(expiresAt) }
    const text = uploadText({ key: object.key, query, headers: { ...headers, 'content-length': String(object.size) } })
    return { url: this.#signed(object.key, query, text), headers }
  }

  /** Where an object may be got. @param expiresAt ms since the epoch */
  download ({ key, fileName, mediaType }: Download, expiresAt: number): string {
    const query = { expires: seconds(expiresAt), fileName, mediaType }
    return this.#signed(key, query, downloadText({ key, query, headers: {} }))
  }

  /** Whether a PUT is one that was signed, still is good, and is of what was signed. */
  isUpload (request: ContentRequest): boolean {
    return this.#isGood(request, uploadText(request))
  }

  /** Whether a GET is one that was signed and still is good. */
  isDownload (request: ContentRequest): boolean {
    return this.#isGood(request, downloadText(request))
  }

  #isGood ({ query: { expires, signature } }: ContentRequest, text: string): boolean {
    return this.#signatures.isGenuine(text, String(signature)) && Number(expires) * 1000 > this.now()
  }

  #signed (key: string, query: Record<string, string>, text: string): string {
    return `/api/attachments/${key}/content?${new URLSearchParams({ ...query, signature: this.#signatures.sign(text) }).toString()}`
  }
}

function seconds (time: number): string {
  return String(Math.floor(time / 1000))
}

function uploadText ({ key, query, headers }: ContentRequest): string {
  const names = ['content-length', 'content-type', 'if-none-match', 'x-amz-checksum-sha256', 'x-amz-tagging']
  return JSON.stringify([purpose, 'PUT', key, query.expires, ...names.map(name => headers[name])])
}

function downloadText ({ key, query }: ContentRequest): string {
  return JSON.stringify([purpose, 'GET', key, query.expires, query.fileName, query.mediaType])
}

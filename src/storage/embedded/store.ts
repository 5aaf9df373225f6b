import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, link, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { makePrivateFolder } from '../../shared/private-folder.js'
import { ProblemError } from '../../wire/problem-error.js'
import { objectMissing } from '../faults.js'
import type { ObjectStore, ObjectTerms, SignedUpload } from '../object-store.js'
import { ContentUrls } from './content-urls.js'
import { hasCode, reachFiles } from './file-faults.js'
import { sweep } from './sweep.js'

/** What an object's owner may do with its file once it is kept: read it. A file that may be written is pending. */
const kept = 0o400

/**
 * Objects as files of a folder, of one machine. What is uploaded comes into a file beside them, and is linked to its place when all of
 * it is there and on the disk: so an object is whole or isn't there, and of two uploads at once one is it.
 */
export class EmbeddedStore implements ObjectStore {
  readonly urls: ContentUrls
  readonly #folder: string
  readonly #incoming: string

  /** @param options.secrets of the URLs: the first signs, every one verifies. @param options.now the time, in ms since the epoch */
  constructor ({ folder, secrets, now }: { folder: string, secrets: readonly string[], now: () => number }) {
    this.urls = new ContentUrls(secrets, now)
    this.#folder = folder
    this.#incoming = join(folder, 'incoming')
  }

  async signUpload (object: ObjectTerms, expiresAt: number): Promise<SignedUpload> {
    return this.urls.upload(object, expiresAt)
  }

  async signDownload (object: Parameters<ObjectStore['signDownload']>[0], expiresAt: number): Promise<string> {
    return this.urls.download(object, expiresAt)
  }

  /**
   * Takes an object's bytes.
   * @throws ProblemError attachment_digest_mismatch, attachment_uploaded or storage_unavailable; what the body throws
   */
  async receive ({ key, sha256 }: Pick<ObjectTerms, 'key' | 'sha256'>, body: Readable): Promise<void> {
    const arriving = join(this.#incoming, randomUUID())
    await reachFiles(async () => {
      for (const folder of [this.#folder, this.#incoming]) makePrivateFolder(folder)
      try {
        if (await write(body, arriving) !== sha256) throw new ProblemError('attachment_digest_mismatch')
        await link(arriving, this.#path(key)).catch((error: unknown) => {
          throw hasCode(error, 'EEXIST') ? new ProblemError('attachment_uploaded') : error
        })
      } finally {
        await rm(arriving, { force: true })
      }
    })
  }

  /** What is there, to be read from its beginning; undefined if nothing is. */
  async read (key: string): Promise<{ size: number, body: Readable } | undefined> {
    return await reachFiles(async () => {
      const file = await this.#open(key)
      if (file === undefined) return undefined
      const { size } = await file.stat()
      return { size, body: file.createReadStream() }
    })
  }

  async head (key: string): Promise<{ size: number, sha256: string } | undefined> {
    const content = await this.read(key)
    if (content === undefined) return undefined
    const digest = createHash('sha256')
    await reachFiles(async () => { for await (const chunk of content.body) digest.update(chunk as Buffer) })
    return { size: content.size, sha256: digest.digest('base64') }
  }

  async readStart (key: string, bytes: number): Promise<Uint8Array> {
    return await reachFiles(async () => {
      const file = await this.#open(key)
      if (file === undefined) throw objectMissing()
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    })
  }

  async open (key: string): Promise<Readable> {
    const content = await this.read(key)
    if (content === undefined) throw objectMissing()
    return content.body
  }

  async keep (key: string): Promise<void> {
    await reachFiles(async () => {
      await chmod(this.#path(key), kept).catch((error: unknown) => {
        throw hasCode(error, 'ENOENT') ? objectMissing() : error
      })
    })
  }

  /** Nobody tags files. */
  async verdict (): Promise<undefined> {}

  async remove (key: string): Promise<void> {
    await reachFiles(async () => await rm(this.#path(key), { force: true }))
  }

  /** Removes what came a day ago or earlier and was not kept, and what ceased to come then. */
  async sweep (): Promise<void> {
    for (const folder of [this.#folder, this.#incoming]) await sweep(folder)
  }

  #path (key: string): string {
    return join(this.#folder, key)
  }

  async #open (key: string): Promise<FileHandle | undefined> {
    return await open(this.#path(key)).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return undefined
      throw error
    })
  }
}

/** Writes what comes into a new file, until all of it is on the disk. @returns its SHA-256 in base64 */
async function write (body: Readable, path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(body, async function * (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      digest.update(chunk)
      yield chunk
    }
  }, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
  return digest.digest('base64')
}

import type { Readable } from 'node:stream'
import {
  DeleteObjectCommand, DeleteObjectTaggingCommand, GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, PutObjectTaggingCommand, type S3Client
} from '@aws-sdk/client-s3'
import { ProblemError } from '../../wire/problem-error.js'
import { objectMissing, storageUnavailable } from '../faults.js'
import type { ObjectStore, ObjectTerms, SignedUpload, StoreContext, Verdict } from '../object-store.js'
import { signDownload, signUpload } from './signing.js'

/** The tag by which GuardDuty says what it has found. */
const scanTag = 'GuardDutyMalwareScanStatus'

const verdicts: Record<string, Verdict> = { NO_THREATS_FOUND: 'clean', THREATS_FOUND: 'infected', UNSUPPORTED: 'unscannable' }

/** Objects in a bucket of S3, whose lifecycle removes those with the tag of pending ones. */
export class S3Store implements ObjectStore {
  readonly origin: string
  readonly #client: S3Client
  readonly #bucket: string
  readonly #isTagged: boolean
  readonly #context: StoreContext

  /** @param options.origin where its URLs lead to. @param options.isTagged whether GuardDuty tags what it has scanned */
  constructor ({ client, bucket, origin, isTagged, ...context }: { client: S3Client, bucket: string, origin: string, isTagged: boolean } & StoreContext) {
    this.origin = origin
    this.#client = client
    this.#bucket = bucket
    this.#isTagged = isTagged
    this.#context = context
  }

  async signUpload (object: ObjectTerms, expiresAt: number): Promise<SignedUpload> {
    return await reach(signUpload(this.#client, this.#bucket, object, { expiresAt, now: this.#context.now() }))
  }

  async signDownload (object: Parameters<ObjectStore['signDownload']>[0], expiresAt: number): Promise<string> {
    return await reach(signDownload(this.#client, this.#bucket, object, { expiresAt, now: this.#context.now() }))
  }

  async head (key: string): Promise<{ size: number, sha256: string } | undefined> {
    const found = await there(this.#client.send(new HeadObjectCommand({ ...this.#at(key), ChecksumMode: 'ENABLED' })))
    return found && { size: found.ContentLength ?? 0, sha256: found.ChecksumSHA256 ?? '' }
  }

  async readStart (key: string, bytes: number): Promise<Uint8Array> {
    const { Body: body } = await found(this.#client.send(new GetObjectCommand({ ...this.#at(key), Range: `bytes=0-${bytes - 1}` })))
    return await reach(body!.transformToByteArray())
  }

  async open (key: string): Promise<Readable> {
    const { Body: body } = await found(this.#client.send(new GetObjectCommand(this.#at(key))))
    return body as Readable
  }

  /** @throws ProblemError attachment_scanning where GuardDuty is awaited */
  async keep (key: string): Promise<void> {
    if (!this.#isTagged) {
      await found(this.#client.send(new DeleteObjectTaggingCommand(this.#at(key))))
      return
    }
    const status = await this.#scanStatus(key)
    // Tags can only be written all at once. If both wrote them at a time, GuardDuty's could be lost, or the one of pending objects come
    // back, and the object go although a message has it.
    if (status === undefined) throw new ProblemError('attachment_scanning', undefined, { headers: { 'retry-after': '5' } })
    await found(this.#client.send(new PutObjectTaggingCommand({ ...this.#at(key), Tagging: { TagSet: [{ Key: scanTag, Value: status }] } })))
  }

  async verdict (key: string): Promise<Verdict | undefined> {
    const status = await this.#scanStatus(key)
    if (status === undefined) return undefined
    if (verdicts[status] === undefined) this.#context.warn({ status, attachmentId: key }, 'an attachment could not be scanned')
    return verdicts[status]
  }

  async remove (key: string): Promise<void> {
    await there(this.#client.send(new DeleteObjectCommand(this.#at(key))))
  }

  close (): void {
    this.#client.destroy()
  }

  async #scanStatus (key: string): Promise<string | undefined> {
    const { TagSet: tags = [] } = await found(this.#client.send(new GetObjectTaggingCommand(this.#at(key))))
    return tags.find(({ Key: name }) => name === scanTag)?.Value
  }

  #at (key: string) {
    return { Bucket: this.#bucket, Key: key }
  }
}

/** What S3 answers. @throws ProblemError storage_unavailable where it doesn't, or refuses */
async function reach<Answer> (answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (cause) {
    throw storageUnavailable(cause)
  }
}

/** What S3 answers of an object; undefined if that isn't there. */
async function there<Answer> (answer: Promise<Answer>): Promise<Answer | undefined> {
  return await reach(answer.catch((error: unknown) => {
    // In answer to HEAD there is no body that would say more.
    if (error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchKey')) return undefined
    throw error
  }))
}

/** What S3 answers of an object. @throws ProblemError attachment_not_uploaded if that isn't there */
async function found<Answer> (answer: Promise<Answer>): Promise<Answer> {
  const told = await there(answer)
  if (told === undefined) throw objectMissing()
  return told
}

import { createHash, randomBytes } from 'node:crypto'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Attachment, AttachmentUpload, MakeAttachment } from '../../schemas/attachment.js'
import type { Message } from '../../schemas/message.js'
import { EmbeddedStore } from '../../src/storage/embedded/store.js'
import type { TestUser } from './helper.js'

/** A quarter of an hour in each row; no two files are alike. */
export function loadProfile (): Buffer {
  return Buffer.from(`INTERVAL;ENERGY(kWh)\r\n00:00;0.25\r\n00:15;${randomBytes(6).readUIntBE(0, 6)}\r\n`)
}

/** What is said of a file before it is uploaded. */
export function described (to: string, bytes: Buffer, different: object = {}): MakeAttachment {
  return { to, fileName: 'profile.csv', mediaType: 'text/csv', size: bytes.length, sha256: createHash('sha256').update(bytes).digest('base64'), ...different }
}

/** Announces a file. */
export async function announce (user: TestUser, body: object, headers: Record<string, string> = {}) {
  return await user.request({ method: 'POST', url: '/api/attachments', payload: body, headers })
}

/** Uploads the bytes that were announced, as whoever has the URL does. */
export async function put (app: FastifyInstance, { upload: { method, url, headers } }: AttachmentUpload, bytes: Buffer) {
  return await app.inject({ method, url, headers, payload: bytes })
}

/** Announces and uploads a file, and returns its id. */
export async function uploadTo (user: TestUser, to: string, bytes = loadProfile(), different: object = {}): Promise<string> {
  const answer = await announce(user, described(to, bytes, different))
  if (answer.statusCode !== 201) throw new Error(answer.body)
  const made = answer.json<AttachmentUpload>()
  const { statusCode, body } = await put(user.app, made, bytes)
  if (statusCode !== 200) throw new Error(`${statusCode} ${body}`)
  return made.attachmentId
}

/** Sends files, with whatever else is in the body. */
export async function sendFiles (user: TestUser, to: string, attachmentIds: string[], { headers, ...body }: { headers?: Record<string, string>, [name: string]: unknown } = {}) {
  return await user.post(`/${to}`, { ...body, attachments: attachmentIds.map(attachmentId => ({ attachmentId })) }, headers)
}

/** Uploads a file and sends it, and returns the message. */
export async function sendFile (user: TestUser, to: string, bytes = loadProfile(), different: object = {}): Promise<Extract<Message, { messageType: 'text' }>> {
  const answer = await sendFiles(user, to, [await uploadTo(user, to, bytes, different)])
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json()
}

/** Asks for an attachment. */
export async function find (user: TestUser, attachmentId: string) {
  return await user.request({ url: `/api/attachments/${attachmentId}` })
}

/** The bytes of an attachment, as one of its users gets them. */
export async function download (user: TestUser, attachmentId: string): Promise<Buffer> {
  const answer = await find(user, attachmentId)
  if (answer.statusCode !== 200) throw new Error(answer.body)
  const { download: offered } = answer.json<Attachment>()
  if (offered === undefined) throw new Error('There is no URL')
  const { statusCode, rawPayload, body } = await user.app.inject({ url: offered.url })
  if (statusCode !== 200) throw new Error(`${statusCode} ${body}`)
  return rawPayload
}

/** Waits until the bytes of an attachment are gone. */
export async function untilGone ({ storage }: FastifyInstance, attachmentId: string): Promise<void> {
  const end = Date.now() + 60_000
  while (await storage!.head(attachmentId) !== undefined) {
    if (Date.now() > end) throw new Error('Its bytes are still there')
    await sleep(20)
  }
}

/** Has files come two days ago, and the store look for what nobody wants. */
export async function ageAndSweep ({ config, storage }: FastifyInstance, attachmentIds: string[]): Promise<void> {
  if (!(storage instanceof EmbeddedStore)) throw new Error('There is no embedded store')
  const then = Date.now() / 1000 - 2 * 24 * 60 * 60
  for (const id of attachmentIds) utimesSync(join(config.DATA_DIR, 'attachments', id), then, then)
  await storage.sweep()
}

import { Type, type Static } from '@sinclair/typebox'
import { ConversationIdSchema, TimestampSchema, UserIdSchema } from './common.js'

/** What may be attached: what people send about energy, and what a browser never runs. */
export const mediaTypes: ReadonlySet<string> = new Set([
  'image/jpeg', 'image/png', 'image/webp', 'image/heic', 'application/pdf', 'text/csv', 'application/json', 'application/xml', 'application/atom+xml'
])

/** What may be attached besides, if it is sealed: nobody but the two can tell what it is. */
export const sealedMediaType = 'application/octet-stream'

/** How many files a message can have. */
export const maxAttachments = 4

const strict = { additionalProperties: false }

export const AttachmentIdSchema = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'Names the attachment', examples: ['9c1d5b7e0f3a4826b1c2d3e4f5061728'] })

export const AttachmentParamsSchema = Type.Object({ attachmentId: AttachmentIdSchema })

const described = {
  fileName: Type.String({
    minLength: 1,
    maxLength: 255,
    format: 'file-name',
    description: '1 to 255 Unicode code points in NFC; no control characters, no marks that turn the direction of text, no path',
    examples: ['meter.jpg']
  }),
  mediaType: Type.String({
    maxLength: 100,
    pattern: '^[a-z]+/[a-z0-9.+-]+$',
    description: `What it is: ${[...mediaTypes].map(type => `\`${type}\``).join(', ')}; \`${sealedMediaType}\` only if it is sealed`,
    examples: ['image/jpeg']
  }),
  size: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'In bytes', examples: [183_274] }),
  sha256: Type.String({
    pattern: '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$',
    description: 'The SHA-256 of the bytes in base64',
    examples: ['47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=']
  }),
  width: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: 'Of an image, in pixels, as its sender says' })),
  height: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: 'Of an image, in pixels, as its sender says' })),
  thumbHash: Type.Optional(Type.String({
    maxLength: 36, pattern: '^[A-Za-z0-9+/]+={0,2}$', description: 'A blurred preview of an image in at most 25 bytes (ThumbHash), in base64, as its sender says'
  })),
  sealed: Type.Optional(Type.Literal(true, { description: 'The bytes are encrypted for the other user: they are not looked at' }))
}

const example = { fileName: 'meter.jpg', mediaType: 'image/jpeg', size: 183_274, sha256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', width: 1600, height: 1200 }
const attachmentId = AttachmentIdSchema.examples[0]

export const MakeAttachmentSchema = Type.Object({
  to: { ...UserIdSchema, description: 'To whom it is going to be sent' },
  ...described,
  sha256: Type.String({
    pattern: '^([0-9a-f]{64}|[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$',
    description: 'The SHA-256 of the bytes, in base64 as all answers have it, or in hexadecimal',
    examples: described.sha256.examples
  })
}, {
  $id: 'MakeAttachment',
  description: 'A file that is to be sent: exactly which bytes',
  ...strict,
  examples: [{ to: 'bob', ...example }]
})

const UrlSchema = Type.String({ format: 'uri', description: 'Where to. Good for whoever has it: keep it as secret as a token' })

const ExpiresAtSchema = { ...TimestampSchema, description: 'Until when the URL is good' }

export const AttachmentUploadSchema = Type.Object({
  attachmentId: AttachmentIdSchema,
  upload: Type.Object({
    method: Type.Literal('PUT'),
    url: UrlSchema,
    headers: Type.Record(Type.String(), Type.String(), { description: 'The headers to send, all of them and as they are; `content-length` is sent by the HTTP client itself' }),
    expiresAt: ExpiresAtSchema
  }, { additionalProperties: false, description: 'How the bytes are uploaded' })
}, {
  $id: 'AttachmentUpload',
  description: 'An attachment whose bytes are awaited. 412 in answer to the upload means that they are there already',
  ...strict,
  examples: [{
    attachmentId,
    upload: {
      method: 'PUT' as const,
      url: `https://chat.example/api/attachments/${attachmentId}/content?expires=1795000000&signature=EXAMPLE`,
      headers: {
        'content-type': 'image/jpeg', 'if-none-match': '*', 'x-amz-checksum-sha256': example.sha256, 'x-amz-tagging': 'state=pending'
      },
      expiresAt: TimestampSchema.examples[0]
    }
  }]
})

export const MessageAttachmentSchema = Type.Object({ attachmentId: AttachmentIdSchema, ...described }, {
  $id: 'MessageAttachment', description: 'A file of a message', ...strict, examples: [{ attachmentId, ...example }]
})

export const AttachmentSchema = Type.Object({
  attachmentId: AttachmentIdSchema,
  senderId: { ...UserIdSchema, description: 'Whose it is', examples: ['alice'] },
  receiverId: { ...UserIdSchema, description: 'To whom it is sent', examples: ['bob'] },
  ...described,
  createdAt: TimestampSchema,
  download: Type.Optional(Type.Object({ url: UrlSchema, expiresAt: ExpiresAtSchema }, {
    additionalProperties: false,
    description: 'Where the bytes are, for 5 minutes; absent for the sender while no message has it. Ask without the `Authorization` header. They are always to be saved, never shown by themselves'
  }))
}, {
  $id: 'Attachment',
  description: 'An attachment as its two users see it',
  ...strict,
  examples: [{
    attachmentId,
    senderId: 'alice',
    receiverId: 'bob',
    ...example,
    createdAt: TimestampSchema.examples[0],
    download: { url: `https://chat.example/api/attachments/${attachmentId}/content?expires=1795000000&signature=EXAMPLE`, expiresAt: TimestampSchema.examples[0] }
  }]
})

const { width, height, thumbHash, sealed, ...toldOfIt } = described

export const InfectedAttachmentSchema = Type.Object({
  attachmentId: AttachmentIdSchema,
  senderId: { ...UserIdSchema, description: 'Whose it is', examples: ['alice'] },
  receiverId: { ...UserIdSchema, description: 'To whom it was sent or was going to be', examples: ['bob'] },
  conversationId: ConversationIdSchema,
  ...toldOfIt,
  createdAt: TimestampSchema
}, {
  $id: 'InfectedAttachment',
  description: 'An attachment in which a scanner found malware, as moderators see it. Its bytes are gone',
  ...strict,
  examples: [{
    attachmentId,
    senderId: 'alice',
    receiverId: 'bob',
    conversationId: 'alice~bob',
    fileName: 'invoice.pdf',
    mediaType: 'application/pdf',
    size: example.size,
    sha256: example.sha256,
    createdAt: TimestampSchema.examples[0]
  }]
})

/** The files of a message that is to be sent. */
export const AttachSchema = Type.Array(Type.Object({ attachmentId: AttachmentIdSchema }, strict), {
  minItems: 1, maxItems: maxAttachments, uniqueItems: true, description: 'The files to send with it, uploaded before'
})

export type MakeAttachment = Static<typeof MakeAttachmentSchema>
export type AttachmentUpload = Static<typeof AttachmentUploadSchema>
export type MessageAttachment = Static<typeof MessageAttachmentSchema>
export type Attachment = Static<typeof AttachmentSchema>
export type InfectedAttachment = Static<typeof InfectedAttachmentSchema>
export type Attach = Static<typeof AttachSchema>

import { Type, type Static } from '@sinclair/typebox'
import { ref, SeqSchema, TimestampSchema, UserIdSchema } from './common.js'
import { MessageSchema, TextMessageSchema, type Message } from './message.js'

/** How many messages a report can name. */
export const maxReported = 20

const strict = { additionalProperties: false }

export const ReportReasonSchema = Type.Unsafe<'spam' | 'fraud' | 'abuse' | 'other'>(Type.String({
  enum: ['spam', 'fraud', 'abuse', 'other'], description: 'What is wrong'
}))

export type ReportReason = Static<typeof ReportReasonSchema>

const ReportIdSchema = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'Names the report', examples: ['3b1f2c0d9e8a47d6b5c4a3928170f6e5'] })

const SeqsSchema = Type.Array(SeqSchema, { maxItems: maxReported, uniqueItems: true, description: 'The messages of the conversation with that user that it is about' })

const NoteSchema = Type.String({
  minLength: 1, maxLength: 1000, format: 'well-formed', description: 'What else there is to say', examples: ['Asks for money in advance']
})

const reportedUser = { ...UserIdSchema, description: 'Who is reported' }

export const MakeReportSchema = Type.Object({
  userId: reportedUser,
  reason: ReportReasonSchema,
  seqs: Type.Optional({ ...SeqsSchema, minItems: 1 }),
  note: Type.Optional(NoteSchema)
}, {
  $id: 'MakeReport',
  description: 'Whom and what to report. Of the messages the report gets copies, as they are now',
  ...strict,
  examples: [{ userId: 'bob', reason: 'fraud', seqs: [42], note: NoteSchema.examples[0] }]
})

export const ReportSchema = Type.Object({
  reportId: ReportIdSchema,
  userId: reportedUser,
  reason: ReportReasonSchema,
  seqs: SeqsSchema,
  note: Type.Optional(NoteSchema),
  createdAt: TimestampSchema
}, {
  $id: 'Report',
  description: 'A report as who made it sees it',
  ...strict,
  examples: [{ reportId: ReportIdSchema.examples[0], userId: 'bob', reason: 'fraud', seqs: [42], note: NoteSchema.examples[0], createdAt: TimestampSchema.examples[0] }]
})

export const UserReportSchema = Type.Object({
  reportId: ReportIdSchema,
  reporterId: { ...UserIdSchema, description: 'Who reports', examples: ['alice'] },
  userId: reportedUser,
  reason: ReportReasonSchema,
  note: Type.Optional(NoteSchema),
  messages: Type.Array(ref(MessageSchema), { maxItems: maxReported, description: 'Copies of the messages, as they were when they were reported' }),
  createdAt: TimestampSchema
}, {
  $id: 'UserReport',
  description: 'A report as moderators see it',
  ...strict,
  examples: [{
    reportId: ReportIdSchema.examples[0],
    reporterId: 'bob',
    userId: 'alice',
    reason: 'fraud',
    note: NoteSchema.examples[0],
    messages: TextMessageSchema.examples as Message[],
    createdAt: TimestampSchema.examples[0]
  }]
})

export type MakeReport = Static<typeof MakeReportSchema>
export type Report = Static<typeof ReportSchema>
export type UserReport = Static<typeof UserReportSchema>

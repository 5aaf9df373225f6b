import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { ProfileSchema } from './account.js'
import { BlockSchema } from './block.js'
import { discriminator, NextPageTokenSchema, PageTokenSchema, ref } from './common.js'
import { ConversationSchema } from './conversation.js'
import { MessageSchema, TextMessageSchema } from './message.js'
import { ReportSchema } from './report.js'
import { TradeOfferWithHistorySchema } from './trade-offer.js'

/** A line with one thing of the caller's, under the name of its type. */
function line<Name extends string, Schema extends TSchema> (type: Name, $id: string, schema: Schema, description: string, example: unknown) {
  return Type.Object({ type: Type.Literal(type), [type]: ref(schema) } as { type: ReturnType<typeof Type.Literal<Name>> } & Record<Name, ReturnType<typeof ref<Schema>>>, {
    $id, description, additionalProperties: false, examples: [{ type, [type]: example }]
  })
}

/** What a line can hold, by type. */
export const exportLineSchemas = {
  profile: line('profile', 'ProfileLine', ProfileSchema, 'The account: the first line of the first page', ProfileSchema.examples[0]),
  conversation: line('conversation', 'ConversationLine', ConversationSchema, 'A conversation, before its messages', ConversationSchema.examples[0]),
  message: line('message', 'MessageLine', MessageSchema, 'A message of either user, in order', TextMessageSchema.examples[0]),
  offer: line('offer', 'OfferLine', TradeOfferWithHistorySchema, 'An offer as it is, after the message that opened it', TradeOfferWithHistorySchema.examples[0]),
  block: line('block', 'BlockLine', BlockSchema, 'Whom I have blocked, after all conversations', BlockSchema.examples[0]),
  report: line('report', 'ReportLine', ReportSchema, 'A report that I made, after the blocks', ReportSchema.examples[0]),
  page: Type.Object({ type: Type.Literal('page'), nextPageToken: NextPageTokenSchema }, {
    $id: 'PageLine', description: 'The last line of a page', additionalProperties: false, examples: [{ type: 'page', nextPageToken: null }]
  })
}

export const ExportLineSchema = Type.Union(Object.values(exportLineSchemas).map(schema => ref(schema)), {
  $id: 'ExportLine',
  description: 'A line of the export',
  discriminator: discriminator('type', exportLineSchemas)
})

export type ExportLine = { [Name in keyof typeof exportLineSchemas]: Static<typeof exportLineSchemas[Name]> }[keyof typeof exportLineSchemas]

export const ExportQuerySchema = Type.Object({ pageToken: Type.Optional(PageTokenSchema) }, { additionalProperties: false })

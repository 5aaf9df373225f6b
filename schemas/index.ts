import { AccountSchema, ErasureSchema, ProfileSchema } from './account.js'
import { analyticsSchemas } from './analytics.js'
import { AttachmentSchema, AttachmentUploadSchema, InfectedAttachmentSchema, MakeAttachmentSchema, MessageAttachmentSchema } from './attachment.js'
import { BlockPageSchema, BlockSchema } from './block.js'
import { ConversationPageSchema, ConversationSchema, ConversationWithCursorSchema, MarkReadSchema, ReadPositionSchema } from './conversation.js'
import { ExportLineSchema, exportLineSchemas } from './export.js'
import { IntegrationSchema, WriteMessageSchema } from './integration.js'
import {
  MessagePageOfUsersSchema, MessagePageSchema, MessageSchema, SendMessageSchema, SendTextSchema, SendTradeOfferSchema, TextMessageSchema,
  TradeOfferMessageSchema, TradeResponseMessageSchema
} from './message.js'
import { marketSchemas } from './market.js'
import { MuteSchema } from './mute.js'
import { ProblemSchema, ViolationSchema } from './problem.js'
import { MissedPageSchema } from './sync.js'
import { AcceptTradeSchema, CounterTradeSchema, RejectTradeSchema, RespondTradeSchema, WithdrawTradeSchema } from './respond-trade.js'
import { TradePageSchema } from './trade-list.js'
import { MovedTradeOfferSchema, ProposalSchema, TradeMoveSchema, TradeOfferSchema, TradeOfferWithHistorySchema } from './trade-offer.js'
import { EnteredUserSchema, EnterUserSchema, UserPageSchema, UserSchema } from './user.js'
import { DeliveryPageSchema, DeliverySchema, ReplayedSchema, ReplaySchema, TestResultSchema } from './delivery.js'
import { ChangeEndpointSchema, CreateEndpointSchema, EndpointListSchema, EndpointSchema, EndpointWithSecretSchema, NewSecretSchema } from './endpoint.js'
import { MakeReportSchema, ReportSchema, UserReportSchema } from './report.js'
import { SuspendSchema, SuspensionSchema } from './suspension.js'
import { webhookEventSchemas } from './webhook-event.js'

/** The schemas that others refer to by `$id`; they become the components of the OpenAPI document. */
export const sharedSchemas = [
  ProblemSchema, ViolationSchema,
  UserSchema, UserPageSchema,
  ProposalSchema, TradeMoveSchema, TradeOfferSchema, TradeOfferWithHistorySchema, MovedTradeOfferSchema, TradePageSchema,
  AcceptTradeSchema, RejectTradeSchema, CounterTradeSchema, WithdrawTradeSchema, RespondTradeSchema,
  MessageAttachmentSchema, MakeAttachmentSchema, AttachmentUploadSchema, AttachmentSchema, InfectedAttachmentSchema,
  TextMessageSchema, TradeOfferMessageSchema, TradeResponseMessageSchema, MessageSchema, MessagePageSchema, MessagePageOfUsersSchema, MissedPageSchema,
  SendTextSchema, SendTradeOfferSchema, SendMessageSchema,
  ConversationSchema, ConversationWithCursorSchema, ConversationPageSchema, MarkReadSchema, ReadPositionSchema,
  AccountSchema, ProfileSchema, ErasureSchema, ...Object.values(exportLineSchemas), ExportLineSchema,
  BlockSchema, BlockPageSchema, MuteSchema,
  ...analyticsSchemas, ...marketSchemas,
  IntegrationSchema, EnterUserSchema, EnteredUserSchema, WriteMessageSchema,
  EndpointSchema, EndpointWithSecretSchema, EndpointListSchema, CreateEndpointSchema, ChangeEndpointSchema, NewSecretSchema, TestResultSchema,
  MakeReportSchema, ReportSchema, UserReportSchema, SuspendSchema, SuspensionSchema,
  DeliverySchema, DeliveryPageSchema, ReplaySchema, ReplayedSchema,
  ...Object.values(webhookEventSchemas)
]

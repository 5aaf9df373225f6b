import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { DatabaseClient } from '../database-client.js'
import type { CounterpartyItem, createCounterpartyEntity } from '../entities/analytics/counterparty.js'
import type { createStatsGenerationEntity, StatsGenerationItem } from '../entities/analytics/generation.js'
import type { createMarketCellEntity, MarketCellItem } from '../entities/analytics/market-cell.js'
import type { createMarketDayEntity, MarketDayItem } from '../entities/analytics/market-day.js'
import type { createStatsPositionEntity, StatsPositionItem } from '../entities/analytics/position.js'
import type { createUserSlotEntity, UserSlotItem } from '../entities/analytics/user-slot.js'
import type { AttachmentCountItem, createAttachmentCountEntity } from '../entities/attachment-count.js'
import type { AttachmentItem, createAttachmentEntity } from '../entities/attachment.js'
import type { BlockItem, createBlockEntity } from '../entities/block.js'
import type { ContactCountItem, createContactCountEntity } from '../entities/contact-count.js'
import type { ConversationItem, createConversationEntity } from '../entities/conversation.js'
import type { createDeliveryEntity, DeliveryItem } from '../entities/delivery.js'
import type { createEndpointEntity, EndpointItem } from '../entities/endpoint.js'
import type { createErasureEntity, ErasureItem } from '../entities/erasure.js'
import type { createIdempotencyKeyEntity, IdempotencyKeyItem } from '../entities/idempotency-key.js'
import type { createIntegrationEntity, IntegrationItem } from '../entities/integration.js'
import type { createLaneEntity, LaneItem } from '../entities/lane.js'
import type { createMessageEntity, MessageItem } from '../entities/message.js'
import type { createReportCountEntity, ReportCountItem } from '../entities/report-count.js'
import type { createReportEntity, ReportItem } from '../entities/report.js'
import type { createSuspensionEntity, SuspensionItem } from '../entities/suspension.js'
import type { createTradeOfferEntity, TradeOfferItem } from '../entities/trade-offer.js'
import type { createUserEntity, UserItem } from '../entities/user.js'
import type { createWaitingLaneEntity, WaitingLaneItem } from '../entities/waiting-lane.js'
import type { createWorkEntity, WorkItem } from '../entities/work.js'
import { DirectEntity, type Write } from './direct-entity.js'

/** What the refusal of a transaction says of one of its writes: `None` for those that were not to blame. */
export interface Refusal<Item> {
  code: string
  /** The item as it is, if the condition of this write didn't hold and there is one. */
  item: Item | null
}

/** The short way to items, beside ElectroDB's. */
export function createDirect ({ client, table }: { client: DatabaseClient, table: string }, entities: {
  attachment: ReturnType<typeof createAttachmentEntity>
  attachmentCount: ReturnType<typeof createAttachmentCountEntity>
  block: ReturnType<typeof createBlockEntity>
  contactCount: ReturnType<typeof createContactCountEntity>
  conversation: ReturnType<typeof createConversationEntity>
  message: ReturnType<typeof createMessageEntity>
  tradeOffer: ReturnType<typeof createTradeOfferEntity>
  user: ReturnType<typeof createUserEntity>
  erasure: ReturnType<typeof createErasureEntity>
  idempotencyKey: ReturnType<typeof createIdempotencyKeyEntity>
  integration: ReturnType<typeof createIntegrationEntity>
  waitingLane: ReturnType<typeof createWaitingLaneEntity>
  work: ReturnType<typeof createWorkEntity>
  endpoint: ReturnType<typeof createEndpointEntity>
  delivery: ReturnType<typeof createDeliveryEntity>
  lane: ReturnType<typeof createLaneEntity>
  report: ReturnType<typeof createReportEntity>
  reportCount: ReturnType<typeof createReportCountEntity>
  suspension: ReturnType<typeof createSuspensionEntity>
  statsGeneration: ReturnType<typeof createStatsGenerationEntity>
  statsPosition: ReturnType<typeof createStatsPositionEntity>
  userSlot: ReturnType<typeof createUserSlotEntity>
  counterparty: ReturnType<typeof createCounterpartyEntity>
  marketCell: ReturnType<typeof createMarketCellEntity>
  marketDay: ReturnType<typeof createMarketDayEntity>
}) {
  const direct = {
    attachment: new DirectEntity<AttachmentItem, 'attachmentId'>(client, table, entities.attachment),
    attachmentCount: new DirectEntity<AttachmentCountItem, 'ownerId'>(client, table, entities.attachmentCount),
    block: new DirectEntity<BlockItem, 'userId' | 'otherId'>(client, table, entities.block),
    contactCount: new DirectEntity<ContactCountItem, 'userId' | 'day'>(client, table, entities.contactCount),
    conversation: new DirectEntity<ConversationItem, 'conversationId'>(client, table, entities.conversation),
    message: new DirectEntity<MessageItem, 'conversationId' | 'seq'>(client, table, entities.message),
    tradeOffer: new DirectEntity<TradeOfferItem, 'messageId'>(client, table, entities.tradeOffer),
    user: new DirectEntity<UserItem, 'userId'>(client, table, entities.user),
    erasure: new DirectEntity<ErasureItem, 'userId'>(client, table, entities.erasure),
    idempotencyKey: new DirectEntity<IdempotencyKeyItem, 'userId' | 'key'>(client, table, entities.idempotencyKey),
    waitingLane: new DirectEntity<WaitingLaneItem, 'endpointId' | 'conversationId'>(client, table, entities.waitingLane),
    work: new DirectEntity<WorkItem, 'shard' | 'dueAt' | 'kind' | 'subject'>(client, table, entities.work),
    integration: new DirectEntity<IntegrationItem, 'integrationId'>(client, table, entities.integration),
    endpoint: new DirectEntity<EndpointItem, 'integrationId' | 'endpointId'>(client, table, entities.endpoint),
    delivery: new DirectEntity<DeliveryItem, 'endpointId' | 'eventAt' | 'eventId'>(client, table, entities.delivery),
    lane: new DirectEntity<LaneItem, 'endpointId' | 'conversationId'>(client, table, entities.lane),
    report: new DirectEntity<ReportItem, 'reporterId' | 'reportId'>(client, table, entities.report),
    reportCount: new DirectEntity<ReportCountItem, 'reporterId' | 'day'>(client, table, entities.reportCount),
    suspension: new DirectEntity<SuspensionItem, 'userId'>(client, table, entities.suspension),
    statsGeneration: new DirectEntity<StatsGenerationItem, 'name'>(client, table, entities.statsGeneration),
    statsPosition: new DirectEntity<StatsPositionItem, 'generation' | 'conversationId'>(client, table, entities.statsPosition),
    userSlot: new DirectEntity<UserSlotItem, 'generation' | 'userId' | 'currency' | 'start' | 'side'>(client, table, entities.userSlot),
    counterparty: new DirectEntity<CounterpartyItem, 'generation' | 'userId' | 'month' | 'currency' | 'otherId' | 'side'>(client, table, entities.counterparty),
    marketCell: new DirectEntity<MarketCellItem, 'generation' | 'granularity' | 'currency' | 'month' | 'start' | 'shard'>(client, table, entities.marketCell),
    marketDay: new DirectEntity<MarketDayItem, 'generation' | 'currency' | 'day' | 'shard'>(client, table, entities.marketDay)
  }

  /**
   * Writes all or nothing.
   * @param recognized whether the caller sees by the refusal when these very writes were done before, their answer lost: then
   * they need no token that DynamoDB would know them by, which costs the embedded engine more with each that it remembers
   * @returns nothing if it was done, else what was said of each write
   */
  async function transact (writes: readonly Write[], { recognized = false } = {}): Promise<Array<Refusal<unknown>> | undefined> {
    try {
      await client.call('TransactWriteItems', { TransactItems: writes, ...(recognized && { ClientRequestToken: null }) })
      return undefined
    } catch (error) {
      if (!(error instanceof TransactionCanceledException) || error.CancellationReasons === undefined) throw error
      return error.CancellationReasons.map(({ Code: code = 'None', Item: item }) => ({ code, item: item === undefined ? null : load(unmarshall(item)) }))
    }
  }

  /**
   * Makes one write by itself.
   * @throws ConditionalCheckFailedException, or TransactionConflictException where a transaction is at it
   */
  async function write (write: Write): Promise<void> {
    const [[kind, input]] = Object.entries(write) as [[string, Record<string, unknown>]]
    await client.call(`${kind}Item`, input)
  }

  function load (item: Record<string, unknown>): unknown {
    return direct[item.__edb_e__ as keyof typeof direct].load(item)
  }

  return { ...direct, transact, write }
}

export type Direct = ReturnType<typeof createDirect>

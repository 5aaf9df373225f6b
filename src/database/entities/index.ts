import type { DatabaseClient } from '../database-client.js'
import { createDirect } from '../direct/index.js'
import { createCounterpartyEntity } from './analytics/counterparty.js'
import { createStatsGenerationEntity } from './analytics/generation.js'
import { createMarketCellEntity } from './analytics/market-cell.js'
import { createMarketDayEntity } from './analytics/market-day.js'
import { createStatsPositionEntity } from './analytics/position.js'
import { createUserSlotEntity } from './analytics/user-slot.js'
import { createAttachmentCountEntity } from './attachment-count.js'
import { createAttachmentEntity } from './attachment.js'
import { createBlockEntity } from './block.js'
import { createContactCountEntity } from './contact-count.js'
import { createConversationEntity } from './conversation.js'
import { createDeliveryEntity } from './delivery.js'
import { createEndpointEntity } from './endpoint.js'
import { createErasureEntity } from './erasure.js'
import { createIdempotencyKeyEntity } from './idempotency-key.js'
import { createIntegrationEntity } from './integration.js'
import { createLaneEntity } from './lane.js'
import { createMessageEntity } from './message.js'
import { createReportCountEntity } from './report-count.js'
import { createReportEntity } from './report.js'
import { createSuspensionEntity } from './suspension.js'
import { createTradeOfferEntity } from './trade-offer.js'
import { createUserEntity } from './user.js'
import { createWaitingLaneEntity } from './waiting-lane.js'
import { createWorkEntity } from './work.js'

/**
 * The entities of the table, and a short way to their items and transactions. What the client throws comes as it is.
 * @param configuration client and table name
 */
export function createEntities (configuration: { client: DatabaseClient, table: string }) {
  const entities = {
    attachment: createAttachmentEntity(configuration),
    attachmentCount: createAttachmentCountEntity(configuration),
    block: createBlockEntity(configuration),
    contactCount: createContactCountEntity(configuration),
    conversation: createConversationEntity(configuration),
    message: createMessageEntity(configuration),
    tradeOffer: createTradeOfferEntity(configuration),
    user: createUserEntity(configuration),
    erasure: createErasureEntity(configuration),
    idempotencyKey: createIdempotencyKeyEntity(configuration),
    waitingLane: createWaitingLaneEntity(configuration),
    work: createWorkEntity(configuration),
    integration: createIntegrationEntity(configuration),
    endpoint: createEndpointEntity(configuration),
    delivery: createDeliveryEntity(configuration),
    lane: createLaneEntity(configuration),
    report: createReportEntity(configuration),
    reportCount: createReportCountEntity(configuration),
    suspension: createSuspensionEntity(configuration),
    statsGeneration: createStatsGenerationEntity(configuration),
    statsPosition: createStatsPositionEntity(configuration),
    userSlot: createUserSlotEntity(configuration),
    counterparty: createCounterpartyEntity(configuration),
    marketCell: createMarketCellEntity(configuration),
    marketDay: createMarketDayEntity(configuration)
  }
  for (const entity of Object.values(entities)) passErrorsOn(entity as unknown as Operated)
  return { entities, direct: createDirect(configuration, entities) }
}

export type Entities = ReturnType<typeof createEntities>

/** What all operations of an entity go through. */
interface Operated {
  go: (method: string, parameters: unknown, options: object) => Promise<unknown>
}

/**
 * Sets the option `originalErr` for every operation. Without it ElectroDB makes an error with a stack before each one, in case
 * that it fails: a twentieth of what a request costs.
 */
function passErrorsOn (entity: Operated): void {
  const { go } = entity
  entity.go = async (method, parameters, options) => await go.call(entity, method, parameters, { ...options, originalErr: true })
}

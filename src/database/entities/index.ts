import { Service, type EntityConfiguration } from 'electrodb'
import { createConversationEntity } from './conversation.js'
import { createIdempotencyKeyEntity } from './idempotency-key.js'
import { createMessageEntity } from './message.js'
import { createTradeOfferEntity } from './trade-offer.js'
import { createUserEntity } from './user.js'

/**
 * The entities of the table and their transactions.
 * @param configuration client and table name
 */
export function createEntities (configuration: EntityConfiguration) {
  return new Service({
    conversation: createConversationEntity(configuration),
    message: createMessageEntity(configuration),
    tradeOffer: createTradeOfferEntity(configuration),
    user: createUserEntity(configuration),
    idempotencyKey: createIdempotencyKeyEntity(configuration)
  }, configuration)
}

export type Entities = ReturnType<typeof createEntities>

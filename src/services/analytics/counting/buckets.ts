import { createHash, createHmac } from 'node:crypto'
import { marketShards } from '../../../database/entities/analytics/market-cell.js'

/**
 * In which bucket a user falls where distinct ones are counted: another one in each scope, so that nobody can be followed from one to the next.
 * @param salt of the installation, in base64
 * @param scope what they are counted for
 */
export function bucketOf (userId: string, { salt, scope, buckets }: { salt: string, scope: string, buckets: number }): number {
  return createHmac('sha256', Buffer.from(salt, 'base64')).update(`${scope}#${userId}`).digest().readUInt32BE() % buckets
}

/** In which of the items of a cell, or a day, of the market a conversation is counted. */
export function marketShardOf (conversationId: string): number {
  return createHash('sha256').update(conversationId).digest().readUInt8() % marketShards
}

import type { DatabaseClient } from './database-client.js'

const refusals = new Set(['ExpiredTokenException', 'ExpiredToken'])

/**
 * Asks for new credentials when DynamoDB says that those in use have expired, and lets the call be tried again with them. The SDK
 * renews them five minutes before their end by this host's clock, which may be wrong, and some are withdrawn early.
 */
export function renewRefusedCredentials (client: DatabaseClient): void {
  let renewedAt = -Infinity
  client.aroundAttempts(async (call, next) => {
    const startedAt = performance.now()
    try {
      return await next(call)
    } catch (error) {
      if (!(error instanceof Error) || !refusals.has(error.name)) throw error
      // Of many calls that are refused at once, one renews.
      if (renewedAt < startedAt) {
        renewedAt = performance.now()
        await client.sdk.config.credentials({ forceRefresh: true })
      }
      throw Object.assign(error, { $retryable: {} })
    }
  })
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ConfiguredRetryStrategy } from '@smithy/core/retry'
import type { Config } from '../../schemas/config.js'

const maxAttempts = 3
/** With full jitter, at most this and then twice this, in ms; when throttled, the SDK's own would be 1 s and then 2 s. */
const pause = 80

/** How long each attempt may take, in ms. */
interface Patience {
  connectionTimeout: number
  requestTimeout: number
}

/** Three attempts and the pauses between them stay below 3 s, the time in which a request must be answered when the database is away. */
const ofRequests: Patience = { connectionTimeout: 500, requestTimeout: 800 }

/** For what nobody waits for with a request, such as the creation of the table. */
export const patient: Patience = { connectionTimeout: 10_000, requestTimeout: 30_000 }

/**
 * A client for the configured endpoint.
 * @param config `DYNAMODB` is `aws` or an endpoint's URL
 * @param patience by default that of requests
 */
export function createDynamoDBClient (config: Pick<Config, 'DYNAMODB' | 'AWS_REGION'>, patience = ofRequests): DynamoDBClient {
  return new DynamoDBClient({
    region: config.AWS_REGION,
    retryStrategy: new ConfiguredRetryStrategy(maxAttempts, attempt => Math.random() * pause * 2 ** (attempt - 1)),
    requestHandler: {
      ...patience,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 128 },
      httpsAgent: { keepAlive: true, maxSockets: 128 }
    },
    ...(config.DYNAMODB === 'aws' ? {} : { endpoint: config.DYNAMODB, ...localCredentials() })
  })
}

/** DynamoDB-compatible engines want some signature but don't check it. */
function localCredentials () {
  if (process.env.AWS_ACCESS_KEY_ID !== undefined) return {}
  return { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
}

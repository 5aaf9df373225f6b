import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ConfiguredRetryStrategy } from '@smithy/core/retry'
import type { Config } from '../../schemas/config.js'
import { DatabaseClock, followDates } from './clock.js'
import type { DatabaseClient, Patience } from './database-client.js'
import { renewRefusedCredentials } from './expired-credentials.js'
import { LeanClient } from './lean/lean-client.js'
import { SdkClient } from './sdk-client.js'

const maxAttempts = 3
/** With full jitter, at most this and then twice this, in ms; when throttled, the SDK's own would be 1 s and then 2 s. */
const pause = 80
/** Three attempts and the pauses between them stay below 3 s, the time in which a request must be answered when the database is away. */
const ofRequests: Patience = { connect: 500, attempt: 800 }

/** For what nobody waits for with a request, such as the creation of the table. */
export const patient: Patience = { connect: 10_000, attempt: 30_000 }

type Settings = Pick<Config, 'DYNAMODB' | 'AWS_REGION'> & Partial<Pick<Config, 'DYNAMODB_CLIENT'>>

/**
 * A client for the configured endpoint.
 * @param config `DYNAMODB` is `aws` or an endpoint's URL
 * @param patience how long each attempt may take, by default as long as a request allows
 * @param clock follows the time that the answers tell
 */
export function createDatabaseClient (config: Settings, patience = ofRequests, clock = new DatabaseClock(() => {})): DatabaseClient {
  const strategy = new ConfiguredRetryStrategy(maxAttempts, attempt => Math.random() * pause * 2 ** (attempt - 1))
  const stock = new DynamoDBClient({
    region: config.AWS_REGION,
    retryStrategy: strategy,
    requestHandler: {
      connectionTimeout: patience.connect,
      requestTimeout: patience.attempt,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 128 },
      httpsAgent: { keepAlive: true, maxSockets: 128 }
    },
    ...(config.DYNAMODB === 'aws' ? {} : { endpoint: config.DYNAMODB, ...localCredentials() })
  })
  followDates(stock, clock)
  const client = config.DYNAMODB_CLIENT === 'sdk' ? new SdkClient(stock) : new LeanClient(stock, strategy, patience, clock)
  renewRefusedCredentials(client)
  return client
}

/** DynamoDB-compatible engines want some signature but don't check it. */
function localCredentials () {
  if (process.env.AWS_ACCESS_KEY_ID !== undefined) return {}
  return { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
}

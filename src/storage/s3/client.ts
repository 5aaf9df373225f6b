import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { ConfiguredRetryStrategy } from '@smithy/core/retry'

const maxAttempts = 2
/** Between them, with full jitter, in ms. */
const pause = 80

/**
 * How long an answer may take to begin, in ms, and how long it may rest: two attempts stay below the time in which a request must be
 * answered although S3 is away.
 */
const patience = { connectionTimeout: 500, requestTimeout: 1000, socketTimeout: 5000 }

/**
 * A client of S3, or of what speaks like it.
 * @param options.endpoint where it is, unless it is AWS's
 * @param options.credentials by default those that DynamoDB is asked with
 */
export function createS3Client ({ region, endpoint, credentials }: { region: string, endpoint?: string } & Pick<S3ClientConfig, 'credentials'>): S3Client {
  return new S3Client({
    region,
    ...endpoint === undefined ? {} : { endpoint, forcePathStyle: true },
    ...credentials === undefined ? {} : { credentials },
    // No checksums but those that are asked for: any other would have to be sent with an upload as well.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryStrategy: new ConfiguredRetryStrategy(maxAttempts, () => Math.random() * pause),
    requestHandler: { ...patience, throwOnRequestTimeout: true }
  })
}

import type { AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry'
import { ProblemError } from '../wire/problem-error.js'

type SdkError = Parameters<typeof isTransientError>[0]

const awayNames = new Set(['ResourceNotFoundException', 'CredentialsProviderError', 'TransactionInProgressException'])

/** The error of the AWS SDK, as it is or inside another one. */
function sdkError (error: unknown): SdkError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('$metadata' in at || isTransientError(at as SdkError) || awayNames.has(at.name)) return at as SdkError
  }
  return undefined
}

/** Whether the database was throttled, away or out of order, so that the same request may succeed later. */
function isDatabaseFault (error: unknown): boolean {
  const cause = sdkError(error)
  return cause !== undefined &&
    (isThrottlingError(cause) || isTransientError(cause) || isServerError(cause) || awayNames.has(cause.name))
}

/** Whether a single write met a transaction on the same item. */
export function isTransactionConflict (error: unknown): boolean {
  return sdkError(error)?.name === 'TransactionConflictException'
}

/**
 * Whether a single write's condition did not hold; then with the item as it is, where the write asked for it
 * (`ReturnValuesOnConditionCheckFailure`) and the engine is new enough to tell.
 */
export function conditionFailure (error: unknown): { item?: Record<string, AttributeValue> } | undefined {
  const cause = sdkError(error)
  return cause?.name === 'ConditionalCheckFailedException' ? { item: (cause as ConditionalCheckFailedException).Item } : undefined
}

/** What a caller sees of an error: a problem as it is, else that the database is away, else that the server failed. */
export function toProblemError (error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  return isDatabaseFault(error) ? databaseUnavailable(error) : new ProblemError('internal_error', undefined, { cause: error })
}

/** The problem that a caller sees when the database can't serve. */
export function databaseUnavailable (cause?: unknown): ProblemError {
  return new ProblemError('database_unavailable', undefined, { headers: { 'retry-after': '1' }, cause })
}

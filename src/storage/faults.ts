import { ProblemError } from '../wire/problem-error.js'

/** What a caller is told when the store can't be reached, or doesn't do what it should. */
export function storageUnavailable (cause: unknown): ProblemError {
  return new ProblemError('storage_unavailable', undefined, { headers: { 'retry-after': '1' }, cause })
}

/** What a caller is told who wants something of an object that isn't there. */
export function objectMissing (): ProblemError {
  return new ProblemError('attachment_not_uploaded')
}

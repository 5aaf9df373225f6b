import { storageUnavailable } from '../faults.js'

/** Whether an error is the system's one of a code, such as `ENOENT`. */
export function hasCode (error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}

/** Does something with files. @throws ProblemError storage_unavailable where the system refuses it; any other error as it is */
export async function reachFiles<Result> (work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw isFileFault(error) ? storageUnavailable(error) : error
  }
}

/** Errors of a connection have no path, as those of a full disk may have none: they are told by what was called. */
function isFileFault (error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).syscall !== undefined && !hasCode(error, 'ECONNRESET')
}

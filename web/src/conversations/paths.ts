/** Where the thread with a user is. */
export function threadPath (userId: string): string {
  return `/conversations/${encodeURIComponent(userId)}`
}

/** The user whom an address names; what is no address of ours names nobody. */
export function userIdOf (segment: string | undefined): string | undefined {
  if (segment === undefined || segment === '') return undefined
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

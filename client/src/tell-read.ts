import type { ApiClient } from './api.js'
import type { ChatError } from './errors.js'
import type { LiveConnection } from './live-connection.js'

/**
 * Says that everything up to `seq` in the conversation with a user is read: over a connection, where there is one that takes it, else by a call.
 * @returns what went wrong, if anything
 */
export async function tellRead (connection: LiveConnection | undefined, api: ApiClient, userId: string, seq: number): Promise<ChatError | undefined> {
  const answer = await connection?.ask({ type: 'read', data: { userId, seq } })
  if (typeof answer === 'object') return answer
  if (answer === true) return undefined
  return (await api.POST('/api/messages/conversations/{userId}/read', { params: { path: { userId } }, body: { seq } })).error
}

import type { components } from '../../openapi/client/http.js'
import type { ApiClient } from './api.js'
import { LiveError } from './errors.js'
import type { Hole } from './seen.js'

type Message = components['schemas']['Message']

const pageSize = 100

/** Reads the messages of a hole in the conversation with a user, oldest first. */
export async function * readHole (api: ApiClient, userId: string, { afterSeq, beforeSeq }: Hole): AsyncGenerator<Message> {
  let last = afterSeq
  while (last < beforeSeq - 1) {
    const { data, error } = await api.GET('/api/messages/{userId}', {
      params: { path: { userId }, query: { order: 'asc', afterSeq: last, beforeSeq, limit: pageSize } }
    })
    if (error !== undefined) throw new LiveError(error.code, error.detail ?? error.title)
    yield * data.messages
    if (data.messages.length < pageSize) return
    last = data.messages.at(-1)?.seq ?? beforeSeq
  }
}

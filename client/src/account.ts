/** What a user can do with their own account: see and end blocks, report others, take everything along, and have it erased. */
import { accountAnswers, shapes } from '../../openapi/client/shapes.js'
import { ownError, type Result } from './errors.js'
import { createClient, type ApiClient, type ApiOptions, type ChatError, type components } from './index.js'
import { randomKey } from './random-key.js'
import { tryOften } from './try-often.js'

export type { Result } from './errors.js'

type Schemas = components['schemas']
export type Account = Schemas['Account']
export type Block = Schemas['Block']
export type Erasure = Schemas['Erasure']
export type ExportLine = Exclude<Schemas['ExportLine'], { type: 'page' }>
export type MakeReport = Schemas['MakeReport']
export type Report = Schemas['Report']

/** The line that takes the place of all further ones if an export can't go on. */
export interface ExportFailure {
  type: 'failed'
  error: ChatError
}

/** Nothing of it throws or rejects. */
export interface AccountClient {
  /** The account: the name, until when it is suspended, when it will be erased. */
  me: () => Promise<Result<Account>>
  /** All users whom this one has blocked, by user id. */
  blocks: () => Promise<Result<Block[]>>
  /** Reports a user, once however often it has to be tried, with copies of the messages that `seqs` name. */
  report: (report: MakeReport) => Promise<Result<Report>>
  /**
   * Everything of the user's, line by line, as it comes; what becomes active meanwhile may come twice. If it can't go on the last line is `failed`.
   * @param signal calls it off
   */
  exportAccount: (signal?: AbortSignal) => AsyncGenerator<ExportLine | ExportFailure, void>
  /**
   * Asks for everything of the user's to be erased. It takes a token of a sign-in at most 5 minutes ago (else `sign_in_again`); who signs in before `erasesAt`
   * cancels it.
   */
  deleteAccount: () => Promise<Result<Erasure>>
}

/**
 * @param given the calls of a client or store, or what it takes to make some
 * @throws TypeError if an option is wrong
 */
export function createAccount (given: ApiClient | ApiOptions): AccountClient {
  Object.assign(shapes.answers, accountAnswers)
  const api = 'GET' in given ? given : createClient(given)

  return {
    me: async () => await api.GET('/api/me'),
    deleteAccount: async () => await api.DELETE('/api/me'),

    async blocks () {
      const all: Block[] = []
      for (let pageToken: string | null | undefined; pageToken !== null;) {
        const query = { limit: 100, ...pageToken !== undefined && { pageToken } }
        const { data, error } = await tryOften(async () => await api.GET('/api/me/blocks', { params: { query } }))
        if (error !== undefined) return { error }
        all.push(...data.blocks)
        pageToken = data.nextPageToken
      }
      return { data: all }
    },

    async report (body) {
      const header = { 'idempotency-key': randomKey() }
      return await tryOften(async () => await api.POST('/api/me/reports', { params: { header }, body }))
    },

    async * exportAccount (signal) {
      for (let pageToken: string | null | undefined; pageToken !== null;) {
        const init = { params: { query: { ...pageToken !== undefined && { pageToken } } }, ...signal && { signal } }
        const { data, error } = await tryOften(async () => await api.GET('/api/me/export', init), signal)
        if (error !== undefined) return yield { type: 'failed', error }
        pageToken = undefined
        for (const line of data) {
          if (line.type === 'page') pageToken = line.nextPageToken
          else yield line
        }
        // Without its last line it isn't the whole page.
        if (pageToken === undefined) return yield { type: 'failed', error: ownError('unexpected_answer') }
      }
    }
  }
}

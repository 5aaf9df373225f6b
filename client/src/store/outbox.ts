import { ownError } from '../errors.js'
import type { ApiClient, ChatError, Message, MessageAttachment, SendMessage } from '../index.js'
import type { Retry } from './retry.js'

/** How long a key makes a repeated send the same one, in ms; the server forgets it after 24 hours. */
const keyLife = 23 * 60 * 60_000

/** A message with all that is to be shown of its files. */
export type Draft = SendMessage & { attachments?: MessageAttachment[] | undefined }

/** What is to be sent, or has just been. Plain data: it is kept as it is. */
export interface Outgoing {
  key: string
  userId: string
  body: Draft
  /** When it was given to the store, and when it was first tried, in ms since the epoch by the server's clock. */
  createdAt: number
  triedAt?: number
  /** Why it won't be tried again by itself. */
  error?: ChatError
  /** What has become of it. */
  message?: Message
}

interface Lane {
  entries: Outgoing[]
  isRunning: boolean
  /** Whether it waits for a better time. */
  isResting: boolean
}

export interface OutboxOptions {
  api: ApiClient
  retry: Retry
  now: () => number
  /** Something of the conversation with a user has changed. */
  onChange: (userId: string) => void
  /** The server has taken it. */
  onDelivered: (userId: string, message: Message) => void
  /** @param after the last message that was known as it was sent */
  onRefused: (userId: string, error: ChatError, after: number) => void
  /** The position of the last message with a user, as far as it is known. */
  seqOf: (userId: string) => number
  /** Is to be kept. */
  keep: (entry: Outgoing) => void
  /** Needn't be kept any more. */
  forget: (key: string) => void
}

/**
 * What is to be sent: in order within a conversation, one at a time, tried until it gets through or is refused. The key of an
 * entry makes it one message however often it is tried, and by whom.
 */
export class Outbox {
  readonly #lanes = new Map<string, Lane>()
  /** What is over: it may still be found where it was kept. */
  readonly #gone = new Set<string>()
  /** Who waits for the echo of an entry. */
  readonly #echoes = new Map<string, () => void>()
  #isOpen = false

  constructor (private readonly options: OutboxOptions) {}

  /** From now on what is there is sent. */
  open (): void {
    this.#isOpen = true
    for (const userId of this.#lanes.keys()) this.#run(userId)
  }

  /** Takes something new, to be sent after all that is there for the user. */
  put (key: string, userId: string, body: Draft): void {
    const last = this.entriesFor(userId).at(-1)?.createdAt ?? 0
    const entry = { key, userId, body, createdAt: Math.max(this.options.now(), last + 1) }
    this.options.keep(entry)
    this.add(entry)
  }

  /** Takes an entry that was kept; one that is there already is left out. */
  add (entry: Outgoing): void {
    const { userId, key, createdAt } = entry
    const lane = this.#lanes.get(userId) ?? { entries: [], isRunning: false, isResting: false }
    this.#lanes.set(userId, lane)
    if (this.#gone.has(key) || lane.entries.some(other => other.key === key)) return
    const place = lane.entries.findIndex(other => other.createdAt > createdAt)
    lane.entries.splice(place < 0 ? lane.entries.length : place, 0, entry)
    this.options.onChange(userId)
    this.#run(userId)
  }

  /** What is there for a user, in order. */
  entriesFor (userId: string): readonly Outgoing[] {
    return this.#lanes.get(userId)?.entries ?? []
  }

  /** To whom there is something. */
  users (): string[] {
    return [...this.#lanes].flatMap(([userId, { entries }]) => entries.length > 0 ? [userId] : [])
  }

  /** Whether entries for a user wait for a better time. */
  isResting (userId: string): boolean {
    return this.#lanes.get(userId)?.isResting ?? false
  }

  /** Tries a failed entry again, where it stands. */
  retry (key: string): void {
    const entry = this.#find(key)
    if (entry?.error === undefined) return
    this.#replace(entry, { ...entry, error: undefined, triedAt: undefined })
    this.#run(entry.userId)
  }

  /** Gives an entry up that isn't delivered. */
  discard (key: string): void {
    const entry = this.#find(key)
    if (entry !== undefined && entry.message === undefined) this.drop(entry)
  }

  /** Recognizes a message of the user as what was sent. */
  recognize (userId: string, message: Message): void {
    const entry = this.entriesFor(userId).find(({ key }) => key === message.clientId)
    if (entry === undefined || entry.message !== undefined) return
    this.#replace(entry, { ...entry, message, error: undefined })
    this.options.forget(entry.key)
    this.#echoes.get(entry.key)?.()
  }

  /** Forgets an entry, e.g. because its message is shown. */
  drop ({ userId, key }: Pick<Outgoing, 'userId' | 'key'>): void {
    const lane = this.#lanes.get(userId)
    if (lane === undefined || !lane.entries.some(entry => entry.key === key)) return
    this.#gone.add(key)
    lane.entries = lane.entries.filter(entry => entry.key !== key)
    this.options.forget(key)
    this.options.onChange(userId)
    this.#echoes.get(key)?.()
  }

  #find (key: string): Outgoing | undefined {
    return [...this.#lanes.values()].flatMap(({ entries }) => entries).find(entry => entry.key === key)
  }

  #replace (entry: Outgoing, by: Outgoing) {
    const lane = this.#lanes.get(entry.userId)
    if (lane === undefined) return
    lane.entries = lane.entries.map(other => other.key === entry.key ? by : other)
    if (by.message === undefined) this.options.keep(by)
    this.options.onChange(entry.userId)
  }

  async #run (userId: string) {
    const lane = this.#lanes.get(userId)
    if (lane === undefined || lane.isRunning || !this.#isOpen) return
    lane.isRunning = true
    const waiting = () => lane.entries.find(isWaiting)
    for (let entry = waiting(); entry !== undefined && !this.options.retry.isOver; entry = waiting()) {
      // The echo usually comes before the answer, and sometimes instead of it.
      await Promise.race([this.#send(lane, entry), this.#echoOf(entry)])
      this.#echoes.delete(entry.key)
    }
    lane.isRunning = false
  }

  async #send (lane: Lane, { key, userId }: Outgoing) {
    const { api, retry, now, onChange, onDelivered, onRefused, seqOf } = this.options
    let after = 0
    const current = () => lane.entries.find(entry => entry.key === key && isWaiting(entry))
    const outcome = await retry.repeat(async () => {
      const entry = current() as Outgoing
      const { body, triedAt = now() } = entry
      after = seqOf(userId)
      if (now() - triedAt > keyLife) return { error: ownError('send_outdated', 'It may be there already', { retryable: false }), data: undefined }
      if (entry.triedAt === undefined) this.#replace(entry, { ...entry, triedAt })
      const attachments = body.attachments?.map(({ attachmentId }) => ({ attachmentId }))
      return await api.POST('/api/messages/{userId}', { params: { path: { userId }, header: { 'idempotency-key': key } }, body: { ...body, attachments } })
    }, () => current() !== undefined, isResting => {
      lane.isResting = isResting
      onChange(userId)
    })
    const entry = current()
    if (outcome?.data !== undefined) onDelivered(userId, outcome.data)
    else if (outcome?.error !== undefined && entry !== undefined) {
      onRefused(userId, outcome.error, after)
      this.#replace(entry, { ...entry, error: outcome.error })
    }
  }

  async #echoOf ({ key }: Outgoing) {
    await new Promise<void>(resolve => this.#echoes.set(key, resolve))
  }
}

function isWaiting ({ message, error }: Outgoing): boolean {
  return message === undefined && error === undefined
}

import type { Conversation, LiveEvent, Message, User } from '../index.js'
import { Unread } from './unread.js'

/** What a user has set for another. */
export interface Marks {
  muted: boolean
  /** Until when, RFC 3339; null without end, and where it isn't muted. */
  mutedUntil: string | null
  blocked: boolean
}

/** What is known of a conversation besides its messages. */
export interface Head {
  userId: string
  user: User
  lastMessage?: Conversation['lastMessage']
  seq: number
  updatedAt: string
  otherLastReadSeq: number
  unread: Unread
  /** Who has written, as far as it is known. */
  contact?: Contact | undefined
  /** Whether the server was never asked: the name is missing, and the count is a guess. */
  isProvisional: boolean
  /** Whether it was kept from an earlier time, and not confirmed since. */
  isKept: boolean
  /** The last message told, and whether some before it weren't. */
  told: number
  isMissing?: boolean
  /** When presence was told last, in the order of `tick`. */
  presentAt: number
}

type Contact = Conversation['contact']

const noMarks = { muted: false, mutedUntil: null, blocked: false, markedAt: 0 }

/** What the server tells of a conversation, and what is kept. */
export type HeadData = Omit<Conversation, 'conversationId'>

type CountOthers = (userId: string, afterSeq: number, toSeq: number) => number | undefined

/** The heads of conversations by the other user's id, from the server's lists and from events, in any order. */
export class Heads {
  readonly #heads = new Map<string, Head>()
  /** With when they were set last, in the order of `tick`; Infinity while the server is being told. */
  readonly #marks = new Map<string, Marks & { markedAt: number }>()
  #ticks = 0

  /** @param countOthers how many messages of the other user lie between two positions, where that is known */
  constructor (private readonly countOthers: CountOthers) {}

  /** Marks a moment: what is read after it is given back with it. */
  tick (): number {
    return ++this.#ticks
  }

  get (userId: string): Head | undefined {
    return this.#heads.get(userId)
  }

  /** All of them, most recent first. */
  all (): Head[] {
    return [...this.#heads.values()].sort((one, other) => compare(other.updatedAt, one.updatedAt) || compare(one.userId, other.userId))
  }

  /**
   * Takes a conversation as the server tells it.
   * @param since a tick before it was asked for
   */
  take (conversation: HeadData, since: number): Head {
    const { otherUser, seq, lastMessage, updatedAt, otherLastReadSeq, blocked, muted, mutedUntil } = conversation
    const head = this.#of(otherUser.userId)
    const { online, lastSeenAt } = head.presentAt > since && otherUser.online !== null ? head.user : otherUser
    head.user = { ...otherUser, online, lastSeenAt }
    // What was kept isn't to be trusted, e.g. what was read without a connection.
    if (head.isKept) Object.assign(head, { unread: this.#newUnread(head.userId), contact: undefined })
    head.contact = together(head.contact, conversation.contact)
    if (since >= this.marks(head.userId).markedAt) this.mark(head.userId, { blocked, muted, mutedUntil })
    head.isProvisional = head.isKept = false
    if (seq >= head.seq) Object.assign(head, { seq, lastMessage, updatedAt })
    head.otherLastReadSeq = Math.max(head.otherLastReadSeq, otherLastReadSeq)
    head.unread.take(conversation)
    return head
  }

  /** Whether what is known of a conversation is as on the server. */
  isSure (userId: string): boolean {
    const head = this.#heads.get(userId)
    return head !== undefined && !(head.isProvisional || head.isKept || head.isMissing || head.unread.isDoubtful || head.unread.hasHole)
  }

  /** Lets go of what was kept but for some users: the rest comes with its page. */
  keepOnly (userIds: ReadonlySet<string>): void {
    for (const { userId, isKept } of this.#heads.values()) if (isKept && !userIds.has(userId)) this.#heads.delete(userId)
  }

  /**
   * Takes a message.
   * @returns whether the server is to be asked for the conversation: it is new, something before is missing, the two have just become acquainted, or it isn't
   * blocked any more
   */
  message (userId: string, message: Message): boolean {
    const head = this.#of(userId)
    const { seq, senderId, timestamp } = message
    const isOthers = senderId === userId
    const { contact } = head
    head.contact = together(contact, isOthers ? 'requested' : 'awaited')
    head.isMissing ||= head.told > 0 && seq > head.told + 1
    head.told = Math.max(head.told, seq)
    head.unread.message(seq, isOthers)
    if (seq > head.seq) Object.assign(head, { seq, lastMessage: preview(message), updatedAt: timestamp })
    return !this.isSure(userId) || contact !== head.contact || this.marks(userId).blocked
  }

  /** What the user has set for another. */
  marks (userId: string): Marks & { markedAt: number } {
    return this.#marks.get(userId) ?? noMarks
  }

  /**
   * Sets some of it.
   * @param markedAt Infinity for until it is set again, whatever the server says; else a tick before it was so
   * @returns how it was
   */
  mark (userId: string, marks: Partial<Marks>, markedAt?: number): Marks {
    const before = this.marks(userId)
    this.#marks.set(userId, { ...before, ...marks, ...markedAt !== undefined && { markedAt } })
    return before
  }

  presence ({ userId, online, lastSeenAt }: Extract<LiveEvent, { type: 'presence' }>['data']): void {
    const head = this.#heads.get(userId)
    if (head === undefined) return
    head.user = { ...head.user, online, lastSeenAt }
    head.presentAt = this.tick()
  }

  /** The other user has read up to a position. */
  otherRead (userId: string, seq: number): void {
    const head = this.#heads.get(userId)
    if (head !== undefined) head.otherLastReadSeq = Math.max(head.otherLastReadSeq, seq)
  }

  clear (): void {
    this.#heads.clear()
  }

  #newUnread (userId: string): Unread {
    return new Unread((afterSeq, toSeq) => this.countOthers(userId, afterSeq, toSeq))
  }

  #of (userId: string): Head {
    const head = this.#heads.get(userId) ?? {
      userId,
      user: { userId, username: userId, online: null, lastSeenAt: null },
      seq: 0,
      updatedAt: '',
      otherLastReadSeq: 0,
      unread: this.#newUnread(userId),
      isProvisional: true,
      isKept: false,
      told: 0,
      presentAt: 0
    }
    this.#heads.set(userId, head)
    return head
  }
}

/** Whoever has written, and whoever has too. */
function together (one: Contact | undefined, other: Contact): Contact {
  return one === undefined || one === other ? other : 'established'
}

const previewLength = 100

type TradeResponse = Extract<Message, { messageType: 'tradeResponse' }>['tradeResponse']

/** What a list shows of a message, as the server makes it. */
function preview (message: Message): Conversation['lastMessage'] {
  const { seq, senderId, messageType, text = '', timestamp } = message
  const { attachments }: { messageType: string, attachments?: unknown[] } = message
  const { action, revision }: Partial<TradeResponse> = messageType === 'tradeOffer'
    ? { action: 'offer', revision: 1 }
    : messageType === 'tradeResponse' ? message.tradeResponse : {}
  return {
    seq,
    senderId,
    messageType,
    text: [...text].slice(0, previewLength).join(''),
    ...action && { action, revision },
    ...attachments && { attachments: attachments.length },
    timestamp
  }
}

function compare (one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

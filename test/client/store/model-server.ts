import { createHash } from 'node:crypto'
import type { Conversation, Message, MessageAttachment, TradeOffer } from '../../../client/src/index.js'
import { decide, standing, type Intent, type Move, type Negotiation, type Terms } from '../../../src/services/trading/negotiation.js'
import type { ModelSocket } from './model-wire.js'

type Stored<Value> = Value & { version: number }

/** What a user has set for a conversation. */
export interface Marks {
  blocked?: boolean
  muted?: boolean
  mutedUntil?: string | undefined
  /** Who has asked for it last. */
  by?: unknown
}

interface Pair {
  id: string
  /** By user. */
  marks: Map<string, Marks>
  /** Whether one has ever blocked the other. */
  wasBlocked: boolean
  /** With their users: why what was to be sent was refused, as far as nothing has shown since that it doesn't hold any more. */
  refusals: Set<string>
  messages: Array<Stored<{ message: Message }>>
  reads: Array<Stored<{ userId: string, seq: number }>>
}

interface Deal {
  messageId: string
  conversationId: string
  senderId: string
  receiverId: string
  createdAt: number
  moves: [Move, ...Move[]]
}

interface Reply {
  status: number
  body: object
  headers?: Record<string, string>
}

/** How many changes may not have got into a list that is read; its cursor is from before them. */
export type Staleness = () => number

const problem = (status: number, code: string, more: object = {}): Reply =>
  ({ status, body: { type: `urn:equilux:problem:${code}`, title: code, status, code, ...more } })

/** As much of the server as a store can tell from the real one: everything in memory, every change numbered. */
export class ModelServer {
  readonly #pairs = new Map<string, Pair>()
  readonly #deals = new Map<string, Deal>()
  readonly #online = new Map<string, Stored<{ isOnline: boolean, at: number }>>()
  readonly #replies = new Map<string, { body: string, reply: Reply }>()
  readonly #sockets = new Set<ModelSocket>()
  #version = 0
  #epoch = 0
  #ids = 0
  /** How often the next event is sent. */
  times = 1
  /** Whether users who send by themselves are suspended, and whether they have written to too many strangers today. */
  isSuspended = false
  isLimited = false

  constructor (private readonly now: () => number, private readonly staleness: Staleness) {}

  /** From now on no cursor is known that was given out before. */
  forgetCursors (): void {
    this.#epoch++
    for (const socket of this.#sockets) socket.cut()
  }

  connect (socket: ModelSocket): void {
    socket.onClose = () => { this.#sockets.delete(socket) }
    socket.onFrame = frame => {
      const data = (frame.data ?? {}) as { token?: string, since?: string, userId?: string, seq?: number }
      const answer = (error?: Reply) => socket.push(error === undefined
        ? { type: 'ack', id: frame.id }
        : { type: 'error', id: frame.id, data: { code: (error.body as { code: string }).code, title: 'Refused', detail: 'refused', retryable: false } })
      if (frame.type === 'auth') this.#authenticate(socket, data.token as string, data.since, answer)
      else if (frame.type === 'read') answer(this.markRead(socket.userId as string, data.userId as string, data.seq as number))
      else if (frame.id !== undefined) answer()
    }
  }

  #authenticate (socket: ModelSocket, token: string, since: string | undefined, answer: (error?: Reply) => void) {
    const userId = token
    const from = since === undefined ? this.#version : this.#place(userId, since)
    if (from === undefined) return answer(problem(400, 'invalid_cursor'))
    socket.userId = userId
    this.#sockets.add(socket)
    answer()
    socket.push({
      type: 'connected',
      data: { userId, serverTime: new Date(this.now()).toISOString(), heartbeatSeconds: 25, cursor: since ?? this.#cursor(userId) }
    })
    if (since === undefined) return
    const missed = this.#missed(userId, from)
    for (const stored of missed) socket.push(this.#event(userId, stored))
    for (const frame of this.#changes(userId, from)) socket.push(frame)
    socket.push({ type: 'resumed', data: { cursor: this.#cursor(userId), replayed: missed.length } })
  }

  /** Messages of a user after a version, oldest first. */
  #missed (userId: string, after: number) {
    return this.#pairsOf(userId).flatMap(({ messages }) => messages.filter(({ version }) => version > after)).sort((a, b) => a.version - b.version)
  }

  #changes (userId: string, after: number) {
    return this.#pairsOf(userId).flatMap(pair => {
      const other = otherOf(pair.id, userId)
      const reads = [userId, other].flatMap(reader => {
        const last = pair.reads.findLast(read => read.userId === reader)
        return last !== undefined && last.version > after ? this.#readEvents(pair, last, userId) : []
      })
      const online = this.#online.get(other)
      const isTold = online !== undefined && online.version > after && areAcquainted(pair)
      return isTold ? [...reads, presenceEvent(other, online)] : reads
    })
  }

  #readEvents (pair: Pair, { userId: reader, seq }: { userId: string, seq: number }, userId: string) {
    const data = { userId: reader, conversationId: pair.id, seq }
    if (reader === userId) return [{ type: 'read', data: { ...data, unreadCount: this.conversation(userId, otherOf(pair.id, userId))?.unreadCount } }]
    return areAcquainted(pair) ? [{ type: 'read', data }] : []
  }

  #event (userId: string, { message, version }: Stored<{ message: Message }>) {
    const shown = shownTo(userId, message)
    return message.messageType === 'tradeResponse'
      ? { type: 'tradeResponse', cursor: this.#cursor(userId, version), data: { offer: this.offer(message.tradeResponse.offerId), message: shown } }
      : { type: 'newMessage', cursor: this.#cursor(userId, version), data: shown }
  }

  #publish (userId: string, frame: object) {
    for (const socket of this.#sockets) {
      if (socket.userId !== userId) continue
      for (let left = this.times; left > 0; left--) socket.push(frame)
    }
    this.times = 1
  }

  #cursor (userId: string, version = this.#version): string {
    return `${this.#epoch}:${userId}:${version}`
  }

  #place (userId: string, cursor: string): number | undefined {
    const [epoch, owner, version] = cursor.split(':')
    return Number(epoch) === this.#epoch && owner === userId ? Number(version) : undefined
  }

  #pairsOf (userId: string): Pair[] {
    return [...this.#pairs.values()].filter(({ id }) => id.split('~').includes(userId))
  }

  #pair (one: string, other: string): Pair {
    const id = [one, other].sort().join('~')
    const pair = this.#pairs.get(id) ?? { id, marks: new Map(), wasBlocked: false, refusals: new Set(), messages: [], reads: [] }
    this.#pairs.set(id, pair)
    return pair
  }

  #newId (): string {
    return `00000000-0000-4000-8000-${String(++this.#ids).padStart(12, '0')}`
  }

  /** Puts a message at the end of a conversation, and tells both of it. */
  #append (senderId: string, receiverId: string, content: object, messageId = this.#newId()): Message {
    const pair = this.#pair(senderId, receiverId)
    const timestamp = new Date(this.now()).toISOString()
    const message = { messageId, conversationId: pair.id, seq: pair.messages.length + 1, senderId, receiverId, timestamp, ...content } as Message
    const stored = { message, version: ++this.#version }
    pair.messages.push(stored)
    pair.refusals.clear()
    for (const userId of [senderId, receiverId]) this.#publish(userId, this.#event(userId, stored))
    return message
  }

  /** What a user has set for another, whether the two see each other, and always have, and why nothing can be sent there, as far as the user was told. */
  standing (userId: string, otherId: string) {
    const pair = this.#pair(userId, otherId)
    const { blocked = false, muted = false, mutedUntil, by } = pair.marks.get(userId) ?? {}
    return { blocked, muted, mutedUntil, by, isOpen: isOpen(pair), wasBlocked: pair.wasBlocked, refusals: pair.refusals }
  }

  /** Sets what a user wants of another. */
  mark (userId: string, otherId: string, marks: Marks): Reply {
    const pair = this.#pair(userId, otherId)
    if (marks.blocked === undefined && pair.messages.length === 0) return problem(404, 'conversation_not_found')
    pair.marks.set(userId, { ...pair.marks.get(userId), ...marks })
    pair.wasBlocked ||= marks.blocked === true
    return { status: 204, body: {} }
  }

  /** @returns the answer to a user who may not send something to another, or may not make a move that ends nothing */
  #refusal (userId: string, otherId: string, kind: 'text' | 'tradeOffer' | 'move'): Reply | undefined {
    const pair = this.#pair(userId, otherId)
    const code = this.#refusalOf(pair, userId, otherId, kind)
    if (code === undefined) return undefined
    pair.refusals.add(`${userId} ${code}`)
    return code === 'contact_limit' ? { ...problem(429, code), headers: { 'retry-after': '30000' } } : problem(403, code)
  }

  #refusalOf ({ marks, messages }: Pair, userId: string, otherId: string, kind: 'text' | 'tradeOffer' | 'move'): string | undefined {
    if (this.isSuspended) return 'suspended'
    if (marks.get(userId)?.blocked) return 'blocked'
    if (marks.get(otherId)?.blocked) return 'contact_not_allowed'
    const own = messages.filter(({ message }) => message.senderId === userId)
    if (kind === 'move' || own.length < messages.length) return undefined
    if (own.length >= 3 || (kind === 'tradeOffer' && own.some(({ message }) => message.messageType === kind))) return 'reply_awaited'
    return own.length === 0 && this.isLimited ? 'contact_limit' : undefined
  }

  say (senderId: string, receiverId: string, text: string, clientId?: string, files?: Array<{ attachmentId: string }>): Message {
    return this.#append(senderId, receiverId, {
      messageType: 'text', text, ...clientId !== undefined && { clientId }, ...files && { attachments: files.map(({ attachmentId }) => modelFile(attachmentId)) }
    })
  }

  open (senderId: string, receiverId: string, terms: { pricePerUnit: number, totalAmount: number, startTime: string, expiresAt?: string }, clientId?: string): Message {
    const messageId = this.#newId()
    const move: Move = { action: 'offer', by: 'sender', at: this.now(), terms: termsOf(terms) }
    this.#deals.set(messageId, {
      messageId, conversationId: this.#pair(senderId, receiverId).id, senderId, receiverId, createdAt: this.now(), moves: [move]
    })
    const tradeOffer = this.offer(messageId)
    return this.#append(senderId, receiverId, { messageType: 'tradeOffer', tradeOffer, ...clientId !== undefined && { clientId } }, messageId)
  }

  /** Makes a move by the real rules. */
  respond (userId: string, offerId: string, intent: Intent, clientId?: string): Reply {
    const deal = this.#deals.get(offerId)
    if (deal === undefined || ![deal.senderId, deal.receiverId].includes(userId)) return problem(404, 'trade_not_found')
    const decision = decide(deal.moves, intent, userId === deal.senderId ? 'sender' : 'receiver', this.now())
    if ('expired' in decision) return problem(409, 'trade_closed', { offer: this.offer(offerId) })
    if ('refusal' in decision) {
      const code = decision.refusal === 'closed' ? 'trade_closed' : decision.refusal
      return problem(code === 'out_of_turn' ? 403 : 409, code, { offer: this.offer(offerId) })
    }
    deal.moves.push(decision.move)
    const { revision } = intent
    const receiverId = userId === deal.senderId ? deal.receiverId : deal.senderId
    this.#append(userId, receiverId, {
      messageType: 'tradeResponse', tradeResponse: { offerId, action: intent.action, revision }, ...clientId !== undefined && { clientId }
    })
    return { status: 200, body: { ...this.offer(offerId), negotiationHistory: [], ...clientId !== undefined && { clientId } } }
  }

  markRead (userId: string, otherId: string, seq: number): Reply | undefined {
    const pair = this.#pair(userId, otherId)
    if (pair.messages.length === 0) return problem(404, 'conversation_not_found')
    if (seq > pair.messages.length) return problem(400, 'seq_out_of_range')
    const before = pair.reads.findLast(read => read.userId === userId)?.seq ?? 0
    if (seq <= before) return undefined
    const read = { userId, seq, version: ++this.#version }
    pair.reads.push(read)
    for (const told of [userId, otherId]) for (const frame of this.#readEvents(pair, read, told)) this.#publish(told, frame)
    return undefined
  }

  setOnline (userId: string, isOnline: boolean): void {
    const online = { isOnline, at: this.now(), version: ++this.#version }
    this.#online.set(userId, online)
    for (const pair of this.#pairsOf(userId)) {
      if (areAcquainted(pair)) this.#publish(otherOf(pair.id, userId), presenceEvent(userId, online))
    }
  }

  /** The log of a conversation, as one of its users sees it. */
  log (userId: string, otherId: string): Message[] {
    return this.#pair(userId, otherId).messages.map(({ message }) => shownTo(userId, message))
  }

  offer (offerId: string): TradeOffer {
    const deal = this.#deals.get(offerId)
    if (deal === undefined) throw new TypeError(`There is no offer ${offerId}`)
    const { moves, createdAt, ...common } = deal
    const { status, revision, awaiting, proposal: { by, terms } } = standing(moves as Negotiation)
    const isDue = awaiting !== 'nobody' && this.now() >= terms.expiresAt
    const userOf = (party: 'sender' | 'receiver') => party === 'sender' ? deal.senderId : deal.receiverId
    const time = (at: number) => new Date(at).toISOString()
    return {
      ...common,
      status: isDue ? 'expired' : status,
      revision,
      awaiting: isDue || awaiting === 'nobody' ? null : userOf(awaiting),
      currentProposal: {
        pricePerUnit: terms.price,
        totalAmount: terms.amount,
        currency: terms.currency,
        totalPrice: String(terms.price * terms.amount),
        startTime: time(terms.startAt),
        tradeType: 'sell',
        expiresAt: time(terms.expiresAt),
        proposedBy: userOf(by as 'sender' | 'receiver')
      },
      createdAt: time(createdAt),
      updatedAt: time(isDue ? terms.expiresAt : (moves.at(-1) as Move).at)
    }
  }

  offersOf (userId: string): TradeOffer[] {
    return [...this.#deals.values()].filter(deal => [deal.senderId, deal.receiverId].includes(userId)).map(({ messageId }) => this.offer(messageId))
  }

  /** A conversation as a user sees it, or saw it at a version. */
  conversation (userId: string, otherId: string, at = Infinity): Conversation | undefined {
    const pair = this.#pair(userId, otherId)
    const messages = pair.messages.filter(({ version }) => version <= at).map(({ message }) => message)
    const last = messages.at(-1)
    if (last === undefined) return undefined
    const readBy = (reader: string) => pair.reads.findLast(read => read.userId === reader && read.version <= at)?.seq ?? 0
    const writers = new Set(messages.map(({ senderId }) => senderId))
    const isKnown = writers.size === 2 && isOpen(pair)
    const { blocked, muted, mutedUntil } = this.standing(userId, otherId)
    const isMuted = muted && this.now() < Date.parse(mutedUntil ?? '9999')
    const online = this.#online.get(otherId)
    const { seq, senderId, messageType, timestamp } = last
    return {
      conversationId: pair.id,
      otherUser: {
        userId: otherId,
        username: otherId.toUpperCase(),
        online: isKnown ? online?.isOnline ?? false : null,
        lastSeenAt: isKnown && online !== undefined ? new Date(online.at).toISOString() : null
      },
      lastMessage: {
        seq,
        senderId,
        messageType,
        text: last.text ?? '',
        timestamp,
        ...messageType === 'text' && last.attachments && { attachments: last.attachments.length },
        ...messageType === 'tradeOffer' && { action: 'offer', revision: 1 },
        ...messageType === 'tradeResponse' && { action: last.tradeResponse.action, revision: last.tradeResponse.revision }
      },
      seq,
      unreadCount: messages.filter(message => message.senderId === otherId && message.seq > readBy(userId)).length,
      lastReadSeq: readBy(userId),
      otherLastReadSeq: isKnown ? readBy(otherId) : 0,
      contact: writers.size === 2 ? 'established' : writers.has(userId) ? 'awaited' : 'requested',
      blocked,
      muted: isMuted,
      mutedUntil: isMuted ? mutedUntil ?? null : null,
      updatedAt: timestamp
    }
  }

  conversations (userId: string, at = Infinity): Conversation[] {
    return this.#pairsOf(userId).flatMap(({ id }) => this.conversation(userId, otherOf(id, userId), at) ?? [])
      .sort((a, b) => a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0)
  }

  /** Answers a request. @param by who asks for the user */
  answer (userId: string, method: string, url: URL, body: Record<string, unknown> | undefined, key: string | null, by?: unknown): Reply {
    const [, kind, otherId] = /^\/api\/me\/(blocks|mutes)\/(.*)$/.exec(url.pathname) ?? []
    if (otherId !== undefined) {
      const isOn = method === 'PUT'
      return this.mark(userId, otherId, { by, ...kind === 'blocks' ? { blocked: isOn } : { muted: isOn, mutedUntil: body?.until as string | undefined } })
    }
    if (key === null) return this.#carryOut(userId, method, url, body, undefined)
    const known = this.#replies.get(`${userId} ${key}`)
    const hash = createHash('sha256').update(`${method} ${url.pathname} ${JSON.stringify(body)}`).digest('hex')
    if (known !== undefined) return known.body === hash ? known.reply : problem(422, 'idempotency_key_reused')
    const reply = this.#carryOut(userId, method, url, body, body?.clientId as string | undefined)
    if (reply.status < 300) this.#replies.set(`${userId} ${key}`, { body: hash, reply })
    return reply
  }

  #carryOut (userId: string, method: string, { pathname, searchParams }: URL, body: Record<string, unknown> = {}, clientId: string | undefined): Reply {
    const [first = '', second, third] = pathname.replace('/api/messages/', '').split('/').map(decodeURIComponent)
    const query = Object.fromEntries(searchParams)
    if (first === 'sync') return this.#sync(userId, query)
    if (first === 'conversations' && second === undefined) return this.#list(userId, query)
    if (first === 'conversations' && third === 'read') {
      const refusal = this.markRead(userId, second as string, body.seq as number)
      if (refusal !== undefined) return refusal
      const { conversationId, lastReadSeq, unreadCount } = this.conversation(userId, second as string) as Conversation
      return { status: 200, body: { conversationId, lastReadSeq, unreadCount } }
    }
    if (first === 'conversations') {
      const conversation = this.conversation(userId, second as string)
      return conversation === undefined ? problem(404, 'conversation_not_found') : { status: 200, body: { ...conversation, cursor: this.#cursor(userId) } }
    }
    if (first === 'trades' && third === 'respond') {
      const action = body.response as Intent['action']
      const offer = this.#deals.get(second as string)
      const refusal = offer !== undefined && ['accept', 'counter'].includes(action) && this.#refusal(userId, otherOf(offer.conversationId, userId), 'move')
      if (refusal) return refusal
      const terms = offer && standing(offer.moves as Negotiation).proposal.terms
      const revision = body.revision as number
      return this.respond(userId, second as string, action === 'counter'
        ? { action, revision, terms: { ...terms as Terms, price: body.pricePerUnit as number } }
        : { action, revision }, clientId)
    }
    if (first === 'trades' && second !== undefined) return { status: 200, body: { ...this.offer(second), negotiationHistory: [] } }
    if (first === 'trades') {
      const { page, nextPageToken } = paged(this.offersOf(userId).filter(({ awaiting }) => awaiting === userId), query)
      return { status: 200, body: { trades: page, nextPageToken, cursor: this.#cursor(userId) } }
    }
    if (method === 'GET') return this.#messages(userId, first, query)
    const refusal = this.#refusal(userId, first, body.messageType === 'tradeOffer' ? 'tradeOffer' : 'text')
    if (refusal !== undefined) return refusal
    return { status: 201, body: body.messageType === 'tradeOffer' ? this.open(userId, first, body as never, clientId) : this.say(userId, first, body.text as string, clientId, body.attachments as MessageAttachment[] | undefined) }
  }

  #list (userId: string, query: Record<string, string>): Reply {
    const at = Math.max(0, this.#version - this.staleness())
    const { page, nextPageToken } = paged(this.conversations(userId, at), query)
    return { status: 200, body: { conversations: page, nextPageToken, cursor: this.#cursor(userId, at) } }
  }

  #messages (userId: string, otherId: string, { order, beforeSeq, afterSeq, limit }: Record<string, string>): Reply {
    const log = this.log(userId, otherId).filter(({ seq }) => seq < Number(beforeSeq ?? Infinity) && seq > Number(afterSeq ?? 0))
    if (order !== 'asc') log.reverse()
    const messages = log.slice(0, Number(limit))
    const ids = new Set(messages.flatMap(message =>
      message.messageType === 'tradeResponse' ? [message.tradeResponse.offerId] : message.messageType === 'tradeOffer' ? [message.messageId] : []))
    return {
      status: 200,
      body: {
        messages, offers: [...ids].map(id => this.offer(id)), nextPageToken: log.length > messages.length ? 'more' : null, cursor: this.#cursor(userId)
      }
    }
  }

  #sync (userId: string, { since = '', limit, changes }: Record<string, string>): Reply {
    const from = this.#place(userId, since)
    if (from === undefined) return problem(400, 'invalid_cursor')
    const missed = this.#missed(userId, from)
    const page = missed.slice(0, Number(limit))
    const more = page.length < missed.length
    const messages = page.map(({ message }) => shownTo(userId, message))
    const offers = messages.flatMap(message => message.messageType === 'tradeResponse' ? [this.offer(message.tradeResponse.offerId)] : [])
    const cursor = this.#cursor(userId, more ? page.at(-1)?.version : undefined)
    return { status: 200, body: { messages, offers, cursor, more, ...changes === 'true' && !more && { conversations: this.conversations(userId) } } }
  }
}

/** A file that was uploaded, as the server knows it. */
export function modelFile (attachmentId: string): MessageAttachment {
  return { attachmentId, fileName: `${attachmentId}.csv`, mediaType: 'text/csv', size: 1, sha256: attachmentId }
}

/** The other user of a conversation. */
function otherOf (conversationId: string, userId: string): string {
  return conversationId.split('~').find(id => id !== userId) as string
}

function areAcquainted ({ messages, ...pair }: Pair): boolean {
  return new Set(messages.map(({ message }) => message.senderId)).size === 2 && isOpen(pair)
}

/** Whether neither of two users has blocked the other. */
function isOpen ({ marks }: Pick<Pair, 'marks'>): boolean {
  return ![...marks.values()].some(({ blocked }) => blocked)
}

function presenceEvent (userId: string, { isOnline, at }: { isOnline: boolean, at: number }) {
  return { type: 'presence', data: { userId, online: isOnline, lastSeenAt: new Date(at).toISOString() } }
}

/** A message as one of its users sees it: what its sender's program calls it is for the sender only. */
function shownTo (userId: string, { clientId, ...message }: Message): Message {
  return (message.senderId === userId && clientId !== undefined ? { ...message, clientId } : message) as Message
}

function paged<Item> (items: Item[], { limit = '20', pageToken = '0' }: Record<string, string>) {
  const from = Number(pageToken)
  const to = from + Number(limit)
  return { page: items.slice(from, to), nextPageToken: to < items.length ? String(to) : null }
}

function termsOf ({ pricePerUnit, totalAmount, startTime, expiresAt = startTime }: { pricePerUnit: number, totalAmount: number, startTime: string, expiresAt?: string }): Terms {
  return { price: pricePerUnit, amount: totalAmount, currency: 'EUR', startAt: Date.parse(startTime), expiresAt: Date.parse(expiresAt) }
}

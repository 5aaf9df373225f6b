import { createClient, LiveClient, type ApiClient, type Message, type RespondTrade, type TradeOffer } from 'equilux-chat-client'
import { WebSocket } from 'ws'
import { Agenda } from './agenda.js'
import type { Member } from './cast.js'
import { moveOf } from './moves.js'
import { decide } from './strategy.js'
import { openingTerms, standingOf } from './terms.js'
import { asksForOffer, proposalText } from './words.js'

/** How many offers of its own one has open with somebody, and opens to the same person while the program runs. */
const [mostOpen, mostOpened] = [1, 12]

export interface ProsumerOptions {
  baseUrl: string
  userId: string
  token: () => Promise<string>
  /** Whether somebody is a program as well: to them nobody talks, or that would never end. */
  isProgram: (userId: string) => boolean
  /** How long one waits before doing something, as a part of what its member would. */
  pace: number
  random: () => number
  onError: (error: unknown) => void
}

/** A program that trades for a member of the cast: it answers, offers, counters, accepts, rejects, and takes back what nobody answers. */
export class Prosumer {
  readonly userId: string
  readonly #api: ApiClient
  readonly #live: LiveClient
  readonly #agenda: Agenda
  readonly #opened = new Map<string, number>()
  #said = 0

  constructor (readonly member: Member, private readonly options: ProsumerOptions) {
    const { baseUrl, userId, token, pace, random, onError } = options
    const [from, to] = member.thinks
    this.userId = userId
    this.#api = createClient({ baseUrl, token })
    this.#live = new LiveClient({ baseUrl, token, WebSocket, onError })
    this.#agenda = new Agenda(() => (from + (to - from) * random()) * 1000 * pace, onError)
    this.#live.on('newMessage', message => this.#heard(message))
    this.#live.on('tradeResponse', ({ offer }) => this.#moved(offer))
  }

  /** Connects, and takes up what awaits it. */
  async start (): Promise<void> {
    await this.#live.connect()
    const { data } = await this.#api.GET('/api/messages/trades', { params: { query: { awaiting: 'me', limit: 100 } } })
    for (const offer of data?.trades ?? []) this.#moved(offer)
  }

  close (): void {
    this.#agenda.close()
    this.#live.close()
  }

  /** Comes up to somebody: says hello if they haven't met, and makes an offer. */
  approach (userId: string): void {
    this.#agenda.add(`approach ${userId}`, async () => {
      const { data } = await this.#api.GET('/api/messages/conversations/{userId}', { params: { path: { userId } } })
      if (data === undefined) await this.#say(userId, this.member.greeting)
      await this.#propose(userId)
    })
  }

  /** Makes an offer, unless there is one open, or there were many. */
  offer (userId: string): void {
    this.#agenda.add(`offer ${userId}`, async () => await this.#propose(userId))
  }

  /** Takes back what has been open longer than some time, in ms. */
  tidy (patience: number): void {
    this.#agenda.add('tidy', async () => {
      const { data } = await this.#api.GET('/api/messages/trades', { params: { query: { role: 'sender', status: ['pending', 'countered'], limit: 100 } } })
      const old = (data?.trades ?? []).filter(({ updatedAt, currentProposal }) =>
        currentProposal.proposedBy === this.userId && Date.parse(updatedAt) + patience < Date.now())
      for (const { messageId, revision } of old) {
        await this.#respond(messageId, { response: 'withdraw', revision, text: 'I have found somebody else meanwhile.' })
      }
    })
  }

  #heard (message: Message): void {
    const { senderId, seq } = message
    if (senderId === this.userId) return
    this.#live.read(senderId, seq).catch(this.options.onError)
    if (message.messageType === 'tradeOffer') this.#consider(message.messageId)
    if (message.messageType !== 'text' || this.options.isProgram(senderId)) return
    this.#live.typing(senderId).catch(this.options.onError)
    this.#agenda.add(`answer ${senderId}`, async () => {
      const { lines } = this.member
      await this.#say(senderId, lines[this.#said++ % lines.length]!)
      if (asksForOffer(message.text)) await this.#propose(senderId)
    })
  }

  #moved ({ messageId, awaiting }: TradeOffer): void {
    if (awaiting === this.userId) this.#consider(messageId)
  }

  #consider (messageId: string): void {
    this.#agenda.add(`consider ${messageId}`, async () => {
      const { data: offer } = await this.#api.GET('/api/messages/trades/{messageId}', { params: { path: { messageId } } })
      // Others may have moved meanwhile, or time.
      if (offer?.awaiting !== this.userId) return
      const { strategy } = this.member
      await this.#respond(messageId, moveOf(decide(strategy, standingOf(offer, this.userId)), strategy.side, offer.revision))
    })
  }

  async #propose (userId: string): Promise<void> {
    const { strategy } = this.member
    const opened = this.#opened.get(userId) ?? 0
    if (opened >= mostOpened || await this.#openWith(userId) >= mostOpen) return
    this.#opened.set(userId, opened + 1)
    const terms = openingTerms(strategy, Date.now(), this.options.random)
    const { error } = await this.#api.POST('/api/messages/{userId}', {
      params: { path: { userId } }, body: { messageType: 'tradeOffer', text: proposalText(strategy.side), ...terms }
    })
    if (error !== undefined) this.options.onError(error)
  }

  async #openWith (userId: string): Promise<number> {
    const { data, error } = await this.#api.GET('/api/messages/trades', { params: { query: { with: userId, status: ['pending', 'countered'] } } })
    if (error !== undefined) this.options.onError(error)
    return data?.trades.length ?? mostOpen
  }

  async #say (userId: string, text: string): Promise<void> {
    const { error } = await this.#api.POST('/api/messages/{userId}', { params: { path: { userId } }, body: { text } })
    if (error !== undefined) this.options.onError(error)
  }

  async #respond (messageId: string, body: RespondTrade): Promise<void> {
    const { error } = await this.#api.POST('/api/messages/trades/{messageId}/respond', { params: { path: { messageId } }, body })
    // The other was faster: what has come of it is told live.
    if (error !== undefined && error.status !== 409) this.options.onError(error)
  }
}

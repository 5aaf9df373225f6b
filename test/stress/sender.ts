import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, fetch } from 'undici'
import { LoadBalancer } from './load-balancer.js'

/** How much is agreed on each time, in kWh. */
export const tradedAmount = 12.5

/** How requests were answered that didn't succeed. */
export interface Answers {
  /** Told to go elsewhere: shutting down, or nobody listens. */
  elsewhere: number
  /** Other refusals, by code. */
  failures: Map<string, number>
  /** Connections that broke while the answer was awaited. */
  broken: number
}

/** Sends messages to any instance until they are acknowledged, as a careful client does: with an Idempotency-Key. */
export class Sender {
  readonly acknowledged = new Map<string, Set<number>>()
  /** How many negotiations ended, by how. */
  readonly ended = { accept: 0, reject: 0 }
  answers: Answers = { elsewhere: 0, failures: new Map(), broken: 0 }

  readonly #agent = new Agent()
  readonly #balancer: LoadBalancer

  constructor (urls: string[], private readonly tokens: Map<string, string>) {
    this.#balancer = new LoadBalancer(urls, this.#agent)
  }

  async close (): Promise<void> {
    this.#balancer.close()
    await this.#agent.close()
  }

  get sent (): number {
    return [...this.acknowledged.values()].reduce((sum, seqs) => sum + seqs.size, 0)
  }

  async send (from: string, to: string, text: string): Promise<void> {
    const { conversationId, seq } = await this.#post<{ conversationId: string, seq: number }>(from, to, { text })
    this.#acknowledge(conversationId, seq)
  }

  /** Two users come to terms, or not: an offer, a counter and an answer. */
  async trade (from: string, to: string, answer: 'accept' | 'reject'): Promise<void> {
    const terms = { pricePerUnit: 0.27, totalAmount: tradedAmount, startTime: new Date(Date.now() + 86_400_000).toISOString() }
    const { messageId, conversationId, seq } = await this.#post<{ messageId: string, conversationId: string, seq: number }>(from, to, { messageType: 'tradeOffer', ...terms })
    this.#acknowledge(conversationId, seq)
    for (const [user, body] of [[to, { response: 'counter', pricePerUnit: 0.25 }], [from, { response: answer, revision: 2 }]] as const) {
      const { negotiationHistory } = await this.#post<{ negotiationHistory: Array<{ seq: number }> }>(user, `trades/${messageId}/respond`, body)
      this.#acknowledge(conversationId, negotiationHistory.at(-1)!.seq)
    }
    this.ended[answer]++
  }

  #acknowledge (conversationId: string, seq: number) {
    const seqs = this.acknowledged.get(conversationId) ?? new Set()
    this.acknowledged.set(conversationId, seqs.add(seq))
  }

  async #post<Body> (from: string, path: string, body: object): Promise<Body> {
    const key = randomUUID()
    for (;;) {
      const url = await this.#balancer.choose()
      const response = await fetch(`${url}/api/messages/${path}`, {
        dispatcher: this.#agent,
        method: 'POST',
        headers: { authorization: `Bearer ${this.tokens.get(from)}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body)
      }).catch((error: Error & { cause?: { code?: string } }) => {
        if (error.cause?.code === 'ECONNREFUSED') this.answers.elsewhere++
        else this.answers.broken++
        return undefined
      })
      const answer = await response?.json().catch(() => undefined) as Body & { code?: string } | undefined
      if (response?.ok === true && answer !== undefined) return answer
      if (response !== undefined) {
        const code = answer?.code ?? String(response.status)
        if (code === 'shutting_down') this.answers.elsewhere++
        else this.answers.failures.set(code, (this.answers.failures.get(code) ?? 0) + 1)
      }
      await sleep(50 + Math.random() * 100)
    }
  }

  /** The answers since the last time. */
  takeAnswers (): Answers {
    const { answers } = this
    this.answers = { elsewhere: 0, failures: new Map(), broken: 0 }
    return answers
  }
}

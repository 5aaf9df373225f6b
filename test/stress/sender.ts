import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, fetch } from 'undici'
import { LoadBalancer } from './load-balancer.js'

/** How requests were answered, besides 201. */
export interface Answers {
  /** Told to go elsewhere: shutting down, or nobody listens. */
  elsewhere: number
  /** Other 5xx, by code. */
  failures: Map<string, number>
  /** Connections that broke while the answer was awaited. */
  broken: number
}

/** Sends messages to any instance until they are acknowledged, as a careful client does: with an Idempotency-Key. */
export class Sender {
  readonly acknowledged = new Map<string, Set<number>>()
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
    const key = randomUUID()
    for (;;) {
      const url = await this.#balancer.choose()
      const response = await fetch(`${url}/api/messages/${to}`, {
        dispatcher: this.#agent,
        method: 'POST',
        headers: { authorization: `Bearer ${this.tokens.get(from)}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ text })
      }).catch((error: Error & { cause?: { code?: string } }) => {
        if (error.cause?.code === 'ECONNREFUSED') this.answers.elsewhere++
        else this.answers.broken++
        return undefined
      })
      const body = await response?.json().catch(() => undefined) as { code?: string, conversationId: string, seq: number } | undefined
      if (response?.status === 201 && body !== undefined) {
        const seqs = this.acknowledged.get(body.conversationId) ?? new Set()
        this.acknowledged.set(body.conversationId, seqs.add(body.seq))
        return
      }
      if (response !== undefined) {
        const code = body?.code ?? String(response.status)
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

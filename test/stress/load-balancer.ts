import { setTimeout as sleep } from 'node:timers/promises'
import { fetch, type Agent } from 'undici'

const interval = 100
/** How old an answer of /ready may be to be believed, in milliseconds: an instance serves a second longer than that. */
const fresh = 500

/** Chooses among the instances that are ready, as a load balancer does. */
export class LoadBalancer {
  readonly #readyAt = new Map<string, number>()
  readonly #poll: NodeJS.Timeout

  constructor (urls: string[], dispatcher: Agent) {
    this.#poll = setInterval(() => {
      for (const url of urls) {
        const at = performance.now()
        fetch(`${url}/ready`, { dispatcher }).then(async response => {
          await response.arrayBuffer()
          if (response.ok) this.#readyAt.set(url, at)
          else this.#readyAt.delete(url)
        }).catch(() => this.#readyAt.delete(url))
      }
    }, interval)
  }

  /** The URL of an instance that is ready; waits for one. */
  async choose (): Promise<string> {
    for (;;) {
      const ready = [...this.#readyAt].filter(([, at]) => performance.now() - at < fresh)
      const chosen = ready[Math.floor(Math.random() * ready.length)]
      if (chosen !== undefined) return chosen[0]
      await sleep(20)
    }
  }

  close (): void {
    clearInterval(this.#poll)
  }
}

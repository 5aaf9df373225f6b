import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { compiled } from './compile.js'

const root = join(import.meta.dirname, '../..')

/** A process of the bench, which is measured by itself and spoken to by messages. */
export class Child {
  #stopping = false

  private constructor (readonly process: ChildProcess) {}

  /**
   * Starts a compiled module.
   * @param path from the root of the repository
   * @param env besides PATH
   * @param flags of Node
   */
  static start (path: string, env: Record<string, string> = {}, flags: readonly string[] = []): Child {
    return new Child(fork(join(root, path), {
      cwd: root,
      execArgv: [...flags, '--expose-gc', '--import', `./${compiled.usage}`],
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc']
    }))
  }

  /** Tells it something that it doesn't answer. */
  tell (message: object): void {
    this.process.send(message)
  }

  /** Asks and waits for the answer, one at a time. */
  async ask<Answer> (question: unknown): Promise<Answer> {
    const answer = this.next<Answer>()
    this.process.send(question as object)
    return await answer
  }

  /** The next message that it sends. */
  async next<Message> (): Promise<Message> {
    const ended = new AbortController()
    const exit = once(this.process, 'exit', { signal: ended.signal }).then(([code]) => {
      if (!this.#stopping) throw new Error(`A process of the bench ended with ${code}`)
    })
    exit.catch(() => {})
    try {
      const [message] = await Promise.race([once(this.process, 'message', { signal: ended.signal }), exit]) ?? []
      return message as Message
    } finally {
      ended.abort()
    }
  }

  /** The processor time that it has used until now, in seconds. */
  async cpu (): Promise<number> {
    return (await this.ask<{ cpu: number }>('cpu')).cpu
  }

  /** What it holds in objects and buffers after garbage is collected, in bytes: what the process keeps for later use says nothing. */
  async memory (): Promise<number> {
    return (await this.ask<{ memory: number }>('memory')).memory
  }

  async stop (): Promise<void> {
    this.#stopping = true
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const ended = once(this.process, 'exit')
    this.process.kill('SIGKILL')
    await ended
  }
}

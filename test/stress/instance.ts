import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server process that can be killed, ended and started again on the same port. */
export class Instance {
  #child: ChildProcess | undefined

  constructor (readonly url: string, private readonly env: Record<string, string>) {}

  async start (): Promise<void> {
    const child = this.#child = spawn(process.execPath, ['dist/src/server.js'], {
      env: { ...process.env, ...this.env }, stdio: ['ignore', 'inherit', 'ignore']
    })
    for (;;) {
      if (child.exitCode !== null) throw new Error(`The server at ${this.url} ended with ${child.exitCode}`)
      if (await fetch(`${this.url}/health`).then(({ ok }) => ok, () => false)) return
      await sleep(50)
    }
  }

  /** @returns the exit code, null after a signal */
  async stop (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null) return null
    const exit = once(child, 'exit')
    child.kill(signal)
    const [code] = await exit
    return code as number | null
  }
}

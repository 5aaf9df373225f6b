import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server process that can be killed, ended and started again on the same port. */
export class Instance {
  readonly url: string
  #child: ChildProcess | undefined

  constructor (readonly port: number, private readonly env: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`
  }

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

  get pid (): number | undefined {
    return this.#child?.pid
  }

  /** The memory that the process holds, in bytes. */
  async residentMemory (): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
  }

  /** What its metrics say, by name and labels as they stand in the text. */
  async metrics (): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text()
    const samples = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
    return new Map(samples.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
  }
}

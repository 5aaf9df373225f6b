// Loaded before a measured process: tells what it has used so far when it is asked, and profiles itself when it is told to.
import { Session } from 'node:inspector/promises'

/** What a process has used. */
export interface Usage {
  /** Processor time, in seconds. */
  cpu: number
  /** Memory that it holds in objects and buffers after garbage is collected, in bytes: what the process keeps for later use says nothing. */
  memory: number
}

let session: Session | undefined

process.on('message', async message => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage()
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    process.send?.({ usage: { cpu: (user + system) / 1e6, memory: heapUsed + external } satisfies Usage })
  } else if (message === 'start-profile') {
    session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    process.send?.({})
  } else if (message === 'stop-profile') {
    const { profile } = await session!.post('Profiler.stop')
    session!.disconnect()
    process.send?.({ profile })
  }
})

// Without the bench there is nothing left to do.
process.on('disconnect', () => process.exit())

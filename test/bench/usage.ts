// Loaded before a measured process: tells what it has used so far when it is asked.

/** What a process has used. */
export interface Usage {
  /** Processor time, in seconds. */
  cpu: number
  /** Memory that it holds in objects and buffers after garbage is collected, in bytes: what the process keeps for later use says nothing. */
  memory: number
}

process.on('message', message => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ usage: { cpu: (user + system) / 1e6, memory: heapUsed + external } satisfies Usage })
})

// Without the bench there is nothing left to do.
process.on('disconnect', () => process.exit())

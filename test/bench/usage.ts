// Loaded before a measured process: tells what it has used so far when it is asked.

/** What a process has used. */
export interface Usage {
  /** Processor time, in seconds. */
  cpu: number
  /** Resident memory after garbage is collected, in bytes. */
  memory: number
}

process.on('message', message => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  globalThis.gc?.()
  process.send?.({ usage: { cpu: (user + system) / 1e6, memory: process.memoryUsage.rss() } satisfies Usage })
})

// Without the bench there is nothing left to do.
process.on('disconnect', () => process.exit())

// Loaded before a measured process: tells what it uses when it is asked, and profiles itself when it is told to.
import { Session } from 'node:inspector/promises'

let session: Session | undefined

process.on('message', async message => {
  if (message === 'cpu') {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpu: (user + system) / 1e6 })
  } else if (message === 'memory') {
    // What the first one finalizes, the second frees.
    for (let times = 0; times < 2; times++) globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    process.send?.({ memory: heapUsed + external })
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

import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { GenericContainer, Wait } from 'testcontainers'
import { engine } from './image.js'

/** ClamAV's scanner in a container that is made here; both are removed at the end. */
export async function startClamd (t: Test) {
  const name = `equilux-chat-clamd:${process.pid}`
  const image = await GenericContainer.fromDockerfile(fileURLToPath(new URL('clamd', import.meta.url))).build(name, { deleteOnExit: false })
  t.teardown(() => engine.getImage(name).remove({ force: true }))
  // One that is started again gets another port unless it has one of its own.
  const port = await freePort()
  const container = await image.withExposedPorts({ container: 3310, host: port }).withWaitStrategy(Wait.forListeningPorts()).start()
  t.teardown(() => container.stop())
  const control = engine.getContainer(container.getId())
  return {
    /** As ATTACHMENT_SCAN wants it. */
    setting: `clamd://${container.getHost()}:${port}`,
    stop: async () => await control.stop({ t: 1 }),
    start: async () => await control.start()
  }
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { GenericContainer, getContainerRuntimeClient, ImageName } from 'testcontainers'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The engine behind the Docker-compatible socket. */
export const { image: images, container: { dockerode: engine } } = await getContainerRuntimeClient()

/** The image under test: `IMAGE` if it is set, else one that is built from the Dockerfile and removed after the test. */
export async function serverImage (t: Test): Promise<string> {
  if (process.env.IMAGE !== undefined) return process.env.IMAGE
  const name = `equilux-chat-test:${process.pid}`
  // npm sets the variable for its scripts where another registry than its own is configured.
  const { npm_config_registry: registry } = process.env
  await GenericContainer.fromDockerfile(root)
    .withBuildArgs(registry === undefined ? {} : { npm_config_registry: registry })
    .build(name, { deleteOnExit: false })
  t.teardown(() => engine.getImage(name).remove({ force: true }))
  return name
}

/** How many bytes an image has more than the one that its Dockerfile begins with. */
export async function sizeOnTopOfBase (image: string): Promise<number> {
  const [, base] = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(`${root}/Dockerfile`, 'utf8')) ?? []
  if (base === undefined) throw new Error('The Dockerfile names no base image')
  // Some builders keep the images they pull to themselves.
  await images.pull(ImageName.fromString(base))
  const [whole, bottom] = await Promise.all([image, base].map(name => engine.getImage(name).inspect()))
  return whole!.Size - bottom!.Size
}

/** A container as it should run in production: without a writable file and without privileges. */
export class HardenedContainer extends GenericContainer {
  constructor (image: string) {
    super(image)
    this.hostConfig.ReadonlyRootfs = true
    this.withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges')
  }
}

/** Runs a command in a container of its own to its end. */
export async function outcomeOf (image: string, command: string[], env: Record<string, string> = {}) {
  const container = await engine.createContainer({
    Image: image,
    Cmd: command,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    // One stream instead of two that are interleaved.
    Tty: true,
    HostConfig: { ReadonlyRootfs: true, CapDrop: ['ALL'] }
  })
  try {
    await container.start()
    const { StatusCode: code } = await container.wait() as { StatusCode: number }
    const output = String(await container.logs({ stdout: true, stderr: true })).replaceAll('\r\n', '\n')
    return { code, output }
  } finally {
    await container.remove({ force: true })
  }
}

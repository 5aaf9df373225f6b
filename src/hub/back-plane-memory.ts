import type { BackPlane } from './back-plane.js'

/** The back-plane of an instance that is the only one: who is connected here is all there is. */
export class MemoryBackPlane implements BackPlane {
  readonly shared = false
  readonly health = 'off'
  readonly channels = 0
  readonly #here = new Set<string>()

  attach (): void {}

  publish (): void {}

  async enter (userId: string): Promise<boolean> {
    this.#here.add(userId)
    return true
  }

  async leave (userId: string): Promise<boolean> {
    this.#here.delete(userId)
    return true
  }

  async online (userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(userIds.filter(userId => this.#here.has(userId)))
  }

  close (): void {}
}

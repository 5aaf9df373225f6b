import type { WebSocketLike } from '../../../client/src/index.js'
import type { BroadcastChannelLike, LockManagerLike } from '../../../client/src/store/index.js'

/** Something that is under way: in a lane one thing comes after another, lanes overtake each other. */
interface Task {
  lane: string
  run: () => void
}

/** All that is under way between the stores and the server of a model; whoever drives it says what arrives next. */
export class Wire {
  #tasks: Task[] = []
  #lanes = 0

  newLane (kind: string): string {
    return `${kind} ${++this.#lanes}`
  }

  put (lane: string, run: () => void): void {
    this.#tasks.push({ lane, run })
  }

  /** What is in a lane is lost. */
  drop (lane: string): void {
    this.#tasks = this.#tasks.filter(task => task.lane !== lane)
  }

  get isQuiet (): boolean {
    return this.#tasks.length === 0
  }

  /** Lets the next thing of one lane arrive. */
  deliver (choice: number): void {
    const lanes = [...new Set(this.#tasks.map(({ lane }) => lane))]
    const lane = lanes[choice % lanes.length]
    const task = this.#tasks.find(task => task.lane === lane)
    if (task === undefined) return
    this.#tasks.splice(this.#tasks.indexOf(task), 1)
    task.run()
  }
}

type Listener = (event: { data: unknown } & { code: number, reason: string }) => void

/** A WebSocket of a model: what it sends and gets are tasks. */
export class ModelSocket implements WebSocketLike {
  readonly #up: string
  readonly #down: string
  readonly #listeners = new Map<string, Listener>()
  isOpen = true
  /** Who it belongs to, once that is known. */
  userId: string | undefined
  onFrame: (frame: { type: string, id?: string, data?: unknown }) => void = () => {}
  onClose: () => void = () => {}

  constructor (private readonly wire: Wire, isReachable: () => boolean) {
    this.#up = wire.newLane('up')
    this.#down = wire.newLane('down')
    wire.put(this.#down, () => isReachable() ? this.#emit('open', {}) : this.cut())
  }

  send (data: string): void {
    if (this.isOpen) this.wire.put(this.#up, () => this.onFrame(JSON.parse(data)))
  }

  /** The server sends a frame. */
  push (frame: object): void {
    if (this.isOpen) this.wire.put(this.#down, () => this.#emit('message', { data: JSON.stringify(frame) }))
  }

  close (): void {
    this.cut()
  }

  /** The connection breaks: what is under way is lost. */
  cut (): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.wire.drop(this.#up)
    this.wire.drop(this.#down)
    this.onClose()
    this.wire.put(this.#down, () => this.#emit('close', { code: 1006, reason: '' }))
  }

  addEventListener (type: string, listener: unknown): void {
    this.#listeners.set(type, listener as Listener)
  }

  #emit (type: string, event: object) {
    this.#listeners.get(type)?.(event as Parameters<Listener>[0])
  }
}

/** Channels between the tabs of a model's browser; what is told is a task for each that hears it. */
export function modelChannels (wire: Wire) {
  const open = new Set<ModelChannel>()

  class ModelChannel implements BroadcastChannelLike {
    onmessage: BroadcastChannelLike['onmessage'] = null
    readonly lane = wire.newLane('tab')

    constructor (readonly name: string) {
      open.add(this)
    }

    postMessage (message: unknown): void {
      for (const other of open) {
        if (other === this || other.name !== this.name) continue
        const data: unknown = structuredClone(message)
        wire.put(other.lane, () => other.onmessage?.({ data }))
      }
    }

    close (): void {
      open.delete(this)
      wire.drop(this.lane)
    }
  }

  return ModelChannel
}

/** Web Locks of a model's browser: one holder at a time, the others in the order in which they asked. */
export function modelLocks (): LockManagerLike {
  const queues = new Map<string, Promise<unknown>>()
  return {
    request: async (name, { signal }, callback) => {
      const turn = queues.get(name) ?? Promise.resolve()
      const mine = turn.then(async () => { if (!signal.aborted) await callback() })
      queues.set(name, mine)
      await mine
    }
  }
}

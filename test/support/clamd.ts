import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A file that every scanner takes for malware and that harms nobody (https://www.eicar.org); in two parts, lest this one be taken for it. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

/** What is done about a stream: an answer, or nothing ever, or the connection is reset. */
type Behaviour = 'judge' | 'hang' | 'reset'

/** A stand-in that speaks clamd's protocol as far as it is used (INSTREAM), over real sockets. */
export class TestClamd {
  /** What came, whole. */
  readonly scanned: string[] = []
  behaviour: Behaviour = 'judge'
  /** Above how many bytes a stream is refused (StreamMaxLength). */
  maxLength = Infinity
  /** What is waited for before an answer. */
  ready: Promise<unknown> = Promise.resolve()
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer(socket => {
    this.#sockets.add(socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket)))
    this.#serve(socket).catch(() => socket.destroy())
  })

  #port = 0

  static async open (t: Test): Promise<TestClamd> {
    const clamd = new TestClamd()
    await clamd.start()
    t.teardown(async () => await clamd.stop())
    return clamd
  }

  /** As ATTACHMENT_SCAN wants it. */
  get setting (): string {
    return `clamd://127.0.0.1:${this.#port}`
  }

  /** How many connections there are. */
  get connections (): number {
    return this.#sockets.size
  }

  /** Listens (again), at the same place. */
  async start (): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Is gone: connections are refused. */
  async stop (): Promise<void> {
    if (!this.#server.listening) return
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve (socket: Socket) {
    if (this.behaviour === 'reset') return socket.once('data', () => socket.resetAndDestroy())
    if (this.behaviour === 'hang') return socket.resume()
    const reader = new Reader(socket)
    const command = (await reader.read(10)).toString()
    if (command !== 'zINSTREAM\0') return socket.end('UNKNOWN COMMAND\0')
    const parts: Buffer[] = []
    let total = 0
    for (;;) {
      const length = (await reader.read(4)).readUInt32BE()
      if (length === 0) break
      total += length
      // With bytes unread, as clamd does: what is still being sent meets a reset.
      if (total > this.maxLength) return socket.end('INSTREAM size limit exceeded. ERROR\0', () => socket.destroy())
      parts.push(await reader.read(length))
    }
    const text = Buffer.concat(parts).toString('latin1')
    this.scanned.push(text)
    await this.ready
    return socket.end(text.includes(eicar) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0')
  }
}

/** Gives out what comes in pieces of any length. */
class Reader {
  #held = Buffer.alloc(0)
  readonly #parts: AsyncIterator<Buffer>

  constructor (socket: Socket) {
    this.#parts = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  async read (length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const { value, done } = await this.#parts.next() as IteratorResult<Buffer, undefined>
      if (done === true || value === undefined) throw new Error('The stream broke off')
      this.#held = Buffer.concat([this.#held, value])
    }
    const piece = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    return piece
  }
}

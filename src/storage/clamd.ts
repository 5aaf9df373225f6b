import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import type { Verdict } from './object-store.js'

/** Where clamd is. */
export interface ClamdAddress { host: string, port: number }

/** How long a connection may take to be there, in ms. */
const connectWithin = 1000

/**
 * Has clamd judge bytes, over a connection of its own (INSTREAM: https://docs.clamav.net/manual/Usage/Scanning.html#clamd). They go
 * through a buffer of a few KB, however many there are.
 * @param bytes destroyed at the end
 * @param signal ends it
 * @throws when there is no verdict: clamd can't be reached, breaks off or refuses the bytes, or they can't be read
 */
export async function askClamd (bytes: Readable, address: ClamdAddress, signal: AbortSignal): Promise<Verdict> {
  const socket = connect({ ...address, signal })
  socket.setTimeout(connectWithin, () => socket.destroy(new Error(`clamd can't be reached within ${connectWithin} ms`)))
  socket.once('connect', () => socket.setTimeout(0))
  let reply = ''
  // Who has ended hears nothing more.
  socket.setEncoding('latin1').on('data', (part: string) => { reply += part }).on('end', () => socket.destroy())
  let isSent = false
  const frames = Readable.from(framed(bytes))
  for (const source of [bytes, frames]) source.on('error', error => socket.destroy(error))
  frames.on('end', () => { isSent = true }).pipe(socket, { end: false })
  try {
    // It is closed in the end, whichever side ends it and why; not so is what is written to it ever done with.
    await once(socket, 'close')
  } catch (cause) {
    // What it doesn't take it answers at once, and reads no further.
    throw reply === '' ? cause : refusal(reply, cause)
  } finally {
    for (const stream of [frames, bytes, socket]) stream.destroy()
  }
  if (!isSent) throw refusal(reply)
  if (reply === 'stream: OK\0') return 'clean'
  if (/^stream: [^\0]+ FOUND\0$/.test(reply)) return 'infected'
  throw refusal(reply)
}

/** Each part behind its length, and at the end one without any. */
async function * framed (bytes: AsyncIterable<Uint8Array>) {
  yield Buffer.from('zINSTREAM\0')
  for await (const part of bytes) {
    // That would be the end.
    if (part.length === 0) continue
    yield lengthOf(part)
    yield part
  }
  yield lengthOf('')
}

function lengthOf ({ length }: { length: number }): Buffer {
  const field = Buffer.alloc(4)
  field.writeUInt32BE(length)
  return field
}

function refusal (reply: string, cause?: unknown): Error {
  return new Error(reply === '' ? 'clamd ended without an answer' : `clamd says: ${reply.replaceAll('\0', '')}`, { cause })
}

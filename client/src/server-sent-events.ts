export interface ServerSentEvent {
  type: string
  data: string
  /** The last id there was, of this event or one before it. */
  lastEventId: string
}

/** Reads a stream of Server-Sent Events as it comes, in any pieces (WHATWG HTML section 9.2.6). */
export class ServerSentEventParser {
  /** How long to wait before reconnecting, in milliseconds: 0 if the server hasn't said. */
  retry = 0
  // It leaves out a byte order mark at the beginning.
  readonly #decoder = new TextDecoder()
  #rest = ''
  #endsWithReturn = false
  #type = ''
  #data: string[] = []
  #lastEventId = ''

  /** @returns the events that are complete with this piece */
  push (bytes: Uint8Array): ServerSentEvent[] {
    let text = this.#decoder.decode(bytes, { stream: true })
    if (text === '') return []
    // The other half of a line's end that the last piece ended with.
    if (this.#endsWithReturn && text.startsWith('\n')) text = text.slice(1)
    this.#endsWithReturn = text.endsWith('\r')
    const lines = (this.#rest + text).split(/\r\n|\n|\r/)
    this.#rest = lines.pop() ?? ''
    return lines.flatMap(line => line === '' ? this.#dispatch() : this.#readField(line))
  }

  #dispatch (): ServerSentEvent[] {
    const event = { type: this.#type || 'message', data: this.#data.join('\n'), lastEventId: this.#lastEventId }
    const isEmpty = this.#data.length === 0
    this.#type = ''
    this.#data = []
    return isEmpty ? [] : [event]
  }

  #readField (line: string): [] {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (name === 'event') this.#type = value
    else if (name === 'data') this.#data.push(value)
    else if (name === 'id' && !value.includes('\0')) this.#lastEventId = value
    else if (name === 'retry' && /^[0-9]+$/.test(value)) this.retry = Number(value)
    return []
  }
}

/**
 * Reads a stream to its end.
 * @param onHeard something has come, were it only a part of an event
 * @returns how long to wait before reconnecting, in milliseconds
 * @throws what the stream does
 */
export async function readEvents (body: ReadableStream<Uint8Array>, onHeard: () => void, onEvent: (event: ServerSentEvent) => void): Promise<number> {
  const parser = new ServerSentEventParser()
  const reader = body.getReader()
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    onHeard()
    for (const event of parser.push(value ?? new Uint8Array())) onEvent(event)
  }
  return parser.retry
}

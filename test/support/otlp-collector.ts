import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface CollectedSpan {
  traceId: string
  spanId: string
  parentId: string
  name: string
}

/** Takes traces as an OpenTelemetry collector does (OTLP over HTTP, protobuf), and keeps them. */
export async function startCollector (t: Test) {
  const bodies: Buffer[] = []
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
    bodies.push(Buffer.concat(await request.toArray()))
    response.setHeader('content-type', 'application/x-protobuf').end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** Everything that came, as bytes. */
    bytes: () => Buffer.concat(bodies),
    spans: () => bodies.flatMap(spansOf)
  }
}

/** The spans of an ExportTraceServiceRequest (opentelemetry-proto 1). */
function spansOf (request: Buffer): CollectedSpan[] {
  return parts(request, 1).flatMap(resource => parts(resource, 2)).flatMap(scope => parts(scope, 2)).map(span => ({
    traceId: hex(span, 1), spanId: hex(span, 2), parentId: hex(span, 4), name: String(parts(span, 5)[0])
  }))
}

function hex (message: Buffer, field: number): string {
  return parts(message, field)[0]?.toString('hex') ?? ''
}

/** The values of a length-delimited field of a protobuf message. */
function parts (message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++]!
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const [field, type] = [tag >> 3, tag & 7]
    if (type === 0) varint()
    else if (type === 1) at += 8
    else if (type === 5) at += 4
    else if (type === 2) {
      const length = varint()
      if (field === wanted) found.push(message.subarray(at, at + length))
      at += length
    } else throw new Error(`The wire type ${type} is unknown`)
  }
  return found
}

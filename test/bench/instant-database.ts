// A process that stands in for the database: what it is asked for the first time it asks the engine, and from then on answers at once. While it is
// told to learn, writes reach the engine; afterwards they are answered as if they were done. It tells its URL.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'

const engine = process.env.ENDPOINT!
const known = new Map<string, string>()
const writes = new Set(['PutItem', 'DeleteItem', 'TransactWriteItems', 'BatchWriteItem'])
let learning = true

process.on('message', message => {
  if (message !== 'learn' && message !== 'replay') return
  learning = message === 'learn'
  // What was read before the writes is no longer so.
  if (learning) known.clear()
  process.send?.({})
})

const server = createServer(async (incoming, response) => {
  const body = Buffer.concat(await incoming.toArray()).toString()
  const operation = String(incoming.headers['x-amz-target']).split('.')[1]!
  // The time that a read mentions is of no consequence.
  const key = writes.has(operation) ? operation : `${operation} ${body.replaceAll(/20\d\d-[\d:.T-]+Z|\d{13}/g, '')}`
  let text = learning ? undefined : known.get(key) ?? (operation === 'TransactWriteItems' ? '{}' : undefined)
  let status = 200
  if (text === undefined) {
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = incoming.headers
    const answer = await request(engine, { method: 'POST', headers, body })
    status = answer.statusCode
    text = await answer.body.text()
    if (status === 200 && !learning) known.set(key, text)
  }
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': Buffer.byteLength(text) }).end(text)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))

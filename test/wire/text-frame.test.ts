import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import { textFrame } from '../../src/wire/text-frame.js'

t.test('a client of another hand reads each text as it was written, whichever form its length takes', async t => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  t.teardown(() => server.close())
  await once(server, 'listening')
  const opened = once(server, 'connection')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.teardown(() => client.terminate())
  const [, { socket }] = await opened as [WebSocket, IncomingMessage]

  async function read (text: string) {
    const message = once(client, 'message')
    socket.write(textFrame(text))
    const [data, isBinary] = await message as [Buffer, boolean]
    return isBinary ? undefined : data.toString()
  }

  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000]) t.ok(await read('x'.repeat(length)) === 'x'.repeat(length), `${length} bytes`)
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async text => await read(text) === text))
  t.equal(await read('☀'.repeat(42)), '☀'.repeat(42), 'bytes are counted, not characters')
})

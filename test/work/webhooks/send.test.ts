import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { connect, createServer, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createAgent, type Resolve } from '../../../src/work/webhooks/agent.js'
import { createSend } from '../../../src/work/webhooks/send.js'
import { Receiver } from '../../support/receiver.js'
import { selfSigned } from '../../support/self-signed.js'

/** What isn't production but for this machine being as private as any: a receiver is allowed by its address. */
function sender (t: Test, { local = false, allow = [], resolve, proxy, within }: { local?: boolean, allow?: string[], resolve?: Resolve, proxy?: string, within?: number } = {}) {
  const policy = { local, allow }
  const agent = createAgent({ policy, resolve, proxy })
  t.teardown(async () => await agent.destroy())
  const send = createSend({ agent, policy, userAgent: 'equilux-chat/test', within })
  return { agent, send: async (url: string) => await send(url, { 'webhook-id': 'msg_1' }, '{"type":"ping"}') }
}

const local = { local: true }

/** Every way to write an address of this machine or of a private network into a URL. */
const literals = [
  '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.1', '0x7F.0x0.0x0.0x1', '0177.0.0.1', '017700000001', '127.0.0.1.', '0', '0.0.0.0', '0x0',
  '127.127.127.127', '%31%32%37.0.0.1', '１２７.０.０.１', '127。0。0。1', '①②⑦.⓪.⓪.①',
  '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0000:0000:0000:0000:0000:ffff:7f00:0001]', '[::127.0.0.1]',
  '[64:ff9b::7f00:1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '[fe80::1]', '[fc00::1]', '[fd00:ec2::254]', '[fec0::1]',
  '169.254.169.254', '0xa9fea9fe', '2852039166', '[::ffff:169.254.169.254]', '168.63.129.16', '100.100.100.200', '192.0.0.192',
  '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1'
]

/** Names that lead to them. */
const names: Record<string, string[]> = {
  'localtest.example': ['127.0.0.1'],
  'loopback6.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'nat64.example': ['64:ff9b::7f00:1'],
  '6to4.example': ['2002:7f00:1::'],
  'teredo.example': ['2001::1'],
  'metadata.example': ['169.254.169.254'],
  'metadata6.example': ['fd00:ec2::254'],
  'azure.example': ['168.63.129.16'],
  'mixed.example': ['93.184.215.14', '127.0.0.1'],
  'mixed6.example': ['::1', '2606:4700::1111'],
  'nowhere.example': [],
  'strange.example': ['localhost']
}

const answers = (found: string[]) => found.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))

t.test('no hostile URL is reached, whether by its host or by what its host leads to', async t => {
  const victim = await Receiver.open(t, '0.0.0.0')
  // The same on IPv6, where there is that.
  const victim6 = await Receiver.open(t, '::1', victim.port).catch(() => undefined)
  const resolve: Resolve = async name => answers(names[name] ?? [])
  const { agent, send } = sender(t, { resolve })
  const withoutPolicy = createSend({ agent, policy: { local: true, allow: [] }, userAgent: 'test' })
  const hostile = [
    ...literals.map(host => `://${host}:${victim.port}/`),
    ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'metadata.google.internal', 'printer.local'].map(host => `://${host}:${victim.port}/`),
    ...Object.keys(names).map(host => `://${host}:${victim.port}/`),
    `://user:pass@localtest.example:${victim.port}/`, `://localtest.example:${victim.port}/#@billing.example`, `://billing.example@127.0.0.1:${victim.port}/`
  ]
  t.ok(hostile.length > 60, `there are ${hostile.length} of them`)
  for (const rest of hostile) {
    for (const scheme of ['http', 'https']) {
      const { ok, status, fault } = await send(scheme + rest)
      t.strictSame({ ok, status }, { ok: false, status: undefined }, scheme + rest)
      t.match(fault, /^(url|address)_not_allowed$/, scheme + rest)
    }
  }
  t.equal(victim.connections + (victim6?.connections ?? 0), 0, 'nobody came')

  // The second wall by itself: a connection to an address is refused whatever the first one lets through.
  for (const host of ['127.0.0.1', '[::1]']) {
    t.equal((await withoutPolicy(`http://${host}:${victim.port}/`, {}, '{}')).fault, 'address_not_allowed', host)
  }
  t.equal(victim.connections + (victim6?.connections ?? 0), 0, 'nobody came then either')
  await send(`http://127.0.0.1:${victim.port}/`)
  t.equal((await sender(t, local).send(victim.url)).status, 204, 'it was there to be reached')
})

t.test('a name is resolved once a connection, and what it says later doesn\'t matter', async t => {
  const good = await Receiver.open(t, '127.0.0.2')
  const victim = await Receiver.open(t, '127.0.0.1', good.port)
  const asked: string[] = []
  // Public at first, and then private: 127.0.0.2 stands for what is public.
  const resolve: Resolve = async name => {
    asked.push(name)
    return answers(asked.length === 1 ? ['127.0.0.2'] : ['127.0.0.1'])
  }
  const policy = { local: false, allow: ['127.0.0.2/32'] }
  const agent = createAgent({ policy, resolve })
  t.teardown(async () => await agent.destroy())
  const send = createSend({ agent, policy: { local: true, allow: [] }, userAgent: 'test' })
  const url = `http://rebinding.example:${good.port}/`
  good.answer = () => response => response.writeHead(204, { connection: 'close' }).end()
  t.equal((await send(url, {}, '{}')).status, 204)
  t.strictSame(asked, ['rebinding.example'])
  t.equal((await send(url, {}, '{}')).fault, 'address_not_allowed')
  t.strictSame(asked, ['rebinding.example', 'rebinding.example'])
  t.equal(good.received.length, 1)
  t.equal(victim.connections, 0)
})

t.test('redirects are failures, and not followed', async t => {
  const victim = await Receiver.open(t)
  const receiver = await Receiver.open(t)
  const { send } = sender(t, local)
  for (const status of [301, 302, 303, 307, 308]) {
    for (const location of [victim.url, `//127.0.0.1:${victim.port}/`, 'http://169.254.169.254/latest/meta-data/']) {
      receiver.answer = () => response => response.writeHead(status, { location }).end()
      t.match(await send(receiver.url), { ok: false, status }, `${status} to ${location}`)
    }
  }
  t.equal(victim.connections, 0)
})

t.test('a receiver gets what is to be sent, and its answer is no more than a status', async t => {
  const receiver = await Receiver.open(t)
  const { send } = sender(t, local)
  for (const status of [200, 201, 204, 299]) {
    receiver.answer = () => status
    t.match(await send(receiver.url), { ok: true, status, fault: undefined, milliseconds: Number })
  }
  for (const status of [400, 401, 404, 410, 429, 500, 503]) {
    receiver.answer = () => response => response.writeHead(status, { 'retry-after': '7' }).end('a secret of the inside')
    t.strictSame(Object.keys(await send(receiver.url)).sort(), ['milliseconds', 'ok', 'retryAfter', 'status'])
    t.match(await send(receiver.url), { ok: false, status, retryAfter: '7' })
  }
  t.match(receiver.received[0], {
    path: '/events', body: '{"type":"ping"}', headers: { 'content-type': 'application/json', 'user-agent': 'equilux-chat/test', 'webhook-id': 'msg_1' }
  })
})

t.test('of a large answer little is taken, and of a slow one its status', async t => {
  const receiver = await Receiver.open(t)
  const { send } = sender(t, local)
  let written = 0
  receiver.answer = () => response => {
    response.writeHead(200)
    const chunk = Buffer.alloc(64 * 1024)
    const write = () => {
      while (!response.destroyed && written < 10 * 1024 * 1024) {
        written += chunk.length
        if (!response.write(chunk)) return response.once('drain', write)
      }
      response.end()
    }
    write()
  }
  t.match(await send(receiver.url), { ok: true, status: 200 })
  t.ok(written < 10 * 1024 * 1024, `10 MB were offered, ${written} bytes went`)

  const dripping: NodeJS.Timeout[] = []
  t.teardown(() => { for (const timer of dripping) clearInterval(timer) })
  receiver.answer = () => response => {
    response.writeHead(200)
    dripping.push(setInterval(() => response.write('x'), 50))
  }
  const { ok, milliseconds } = await send(receiver.url)
  t.ok(ok)
  t.ok(milliseconds < 10_000, 'its end isn\'t waited for')

  receiver.answer = () => response => response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy())
  t.match(await send(receiver.url), { ok: true, status: 200 }, 'it broke off')
})

t.test('an answer that doesn\'t come in time is a failure, also where something comes all the time', async t => {
  const drops: NodeJS.Timeout[] = []
  const server = createServer(socket => {
    socket.write('HTTP/1.1 200 OK\r\n')
    socket.on('error', () => {})
    drops.push(setInterval(() => socket.write('x-slow: loris\r\n'), 20))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const timer of drops) clearInterval(timer)
    server.close()
  })
  const { send } = sender(t, { ...local, within: 500 })
  t.match(await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), { ok: false, status: undefined, fault: 'timeout' })
  const receiver = await Receiver.open(t)
  receiver.answer = () => () => {}
  t.match(await send(receiver.url), { ok: false, fault: 'timeout' }, 'silence')
})

t.test('what went wrong is said in one word', async t => {
  const { send } = sender(t, local)
  const closed = await Receiver.open(t)
  closed.answer = () => response => response.destroy()
  t.match(await send(closed.url), { ok: false, fault: 'connection_failed' })
  const noHttp = createServer(socket => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
  noHttp.listen(0, '127.0.0.1')
  await once(noHttp, 'listening')
  t.teardown(() => noHttp.close())
  t.match(await send(`http://127.0.0.1:${(noHttp.address() as AddressInfo).port}/`), { ok: false, fault: 'answer_invalid' })
  t.match(await send(closed.url.replace('http', 'https')), { ok: false, fault: 'tls_failed' })
  noHttp.close()
  const unused = createServer()
  unused.listen(0, '127.0.0.1')
  await once(unused, 'listening')
  const { port } = unused.address() as AddressInfo
  unused.close()
  await once(unused, 'close')
  t.match(await send(`http://127.0.0.1:${port}/`), { ok: false, fault: 'connection_failed' })
  const unknown = sender(t, { resolve: async () => { throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }) } })
  t.match(await unknown.send('https://unknown.example/'), { ok: false, fault: 'host_not_found' })
})

t.test('a certificate that isn\'t good for the host is a failure', async t => {
  const server = createTlsServer(selfSigned, (_request, response) => response.writeHead(204).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  t.match(await sender(t, local).send(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`), { ok: false, fault: 'tls_failed' })
})

t.test('with a proxy everything goes through it, and URLs are judged all the same', async t => {
  const receiver = await Receiver.open(t)
  const asked: string[] = []
  // It resolves every name to the receiver, and refuses one.
  const proxy = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', data => {
      const [, host = ''] = /^CONNECT (\S+) HTTP/.exec(data.toString()) ?? []
      asked.push(host)
      if (host.startsWith('refused.')) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      const upstream = connect(receiver.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(upstream).pipe(socket)
      })
      upstream.on('error', () => {})
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => proxy.close())
  const { send } = sender(t, { ...local, proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })
  t.match(await send('http://billing.example/events'), { ok: true, status: 204 })
  t.match(await send('http://refused.example/'), { ok: false, fault: 'proxy_refused' })
  t.strictSame(asked, ['billing.example:80', 'refused.example:80'])
  t.match(await send('http://169.254.169.254/'), { ok: false, fault: 'url_not_allowed' })
  t.match(await send('http://printer.local/'), { ok: false, fault: 'url_not_allowed' })
  t.equal(asked.length, 2)
})

import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** A request that came, its signature checked. */
export interface FakeRequest {
  operation: string
  body: Record<string, unknown>
  accessKeyId: string
  sessionToken: string | undefined
  /** The time that it was signed with, in milliseconds since the epoch. */
  signedAt: number
}

/** What to do with a request: a body that JSON is made of or a text as it is; never to answer; to break the connection, before the answer or within. */
export type Reply = { status?: number, body?: unknown, headers?: Record<string, string> } | 'silence' | 'reset' | 'cut'

/** The secrets of those who may sign, by access key. */
export const secrets: Record<string, string> = { local: 'local', first: 'first-secret', second: 'second-secret' }

/** An endpoint that answers as told and keeps what it was asked. */
export class FakeDynamoDB {
  readonly requests: FakeRequest[] = []
  script: (request: FakeRequest, count: number) => Reply = () => ({})
  readonly #server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString()
    const parsed = verified(request, text)
    const reply = parsed === undefined
      ? { status: 400, body: { __type: 'InvalidSignatureException', message: 'The request signature we calculated does not match' } }
      : this.script(parsed, this.requests.push(parsed) - 1)
    if (reply === 'silence') return
    if (reply === 'reset') return request.socket.resetAndDestroy()
    if (reply === 'cut') return response.writeHead(200, { 'content-length': 100 }).write('{"Item', () => request.socket.destroy())
    const { status = 200, body = {}, headers } = reply
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'request-1', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })

  static async open (t: Test): Promise<FakeDynamoDB> {
    const fake = new FakeDynamoDB()
    fake.#server.listen(0, '127.0.0.1')
    await once(fake.#server, 'listening')
    t.teardown(() => {
      fake.#server.closeAllConnections()
      fake.#server.close()
    })
    return fake
  }

  get url (): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The request, if it bears a Signature Version 4 of all that must be signed. */
function verified ({ headers, method, url }: IncomingMessage, body: string): FakeRequest | undefined {
  const [, accessKeyId = '', day = '', region = '', signed = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/dynamodb\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
      .exec(headers.authorization ?? '') ?? []
  const names = signed.split(';')
  const time = String(headers['x-amz-date'])
  const mustBeSigned = ['host', 'x-amz-date', 'x-amz-target', ...('x-amz-security-token' in headers ? ['x-amz-security-token'] : [])]
  if (!mustBeSigned.every(name => names.includes(name)) || !time.startsWith(day)) return undefined
  const canonical = [method, url, '', ...names.map(name => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`), '', signed, sha256(body)].join('\n')
  const scope = `${day}/${region}/dynamodb/aws4_request`
  const key = [day, region, 'dynamodb', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secrets[accessKeyId]}`)
  if (hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex') !== signature) return undefined
  const [, year, month, date, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? []
  return {
    operation: String(headers['x-amz-target']).replace('DynamoDB_20120810.', ''),
    body: JSON.parse(body) as Record<string, unknown>,
    accessKeyId,
    sessionToken: headers['x-amz-security-token'] as string | undefined,
    signedAt: Date.parse(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`)
  }
}

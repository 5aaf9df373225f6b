import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import type { ClientFrame, ServerFrame, ServerFrames } from '../../schemas/events.js'
import { buildApp } from '../../src/app.js'
import { loadConfig } from '../../src/config/environment.js'
import { createTable } from '../../src/database/table.js'
import type { HubLimits } from '../../src/hub/limits.js'
import { resolveSecrets } from '../../src/config/secrets.js'
import type { OpenApiDocument } from '../../src/documents/openapi/document.js'
import type { WebhookOptions } from '../../src/plugins/webhooks.js'
import type { ScanOptions } from '../../src/services/attachments/scan.js'
import type { ErasureOptions } from '../../src/work/erase.js'
import { createLogger } from '../../src/observability/logger.js'
import { Contract } from '../contract/document.js'
import { responseCheck } from '../contract/response-check.js'
import './checked-models.js'
import { startEngine } from './engine.js'

export const jwtSecret = 'a secret that only the tests know and use'

let engine: Promise<{ endpoint: string }> | undefined
let tables = 0

/** The database engine: the one that is named, or that all files of a run share, else an embedded one that ends with this file. */
export async function databaseEndpoint (): Promise<string> {
  const given = process.env.TEST_DYNAMODB ?? process.env.SHARED_DYNAMODB
  if (given !== undefined) return given
  engine ??= ownEngine()
  return (await engine).endpoint
}

async function ownEngine () {
  const started = await startEngine()
  t.teardown(started.close)
  return started
}

let contract: Contract | undefined

/** The committed document; the gate sees to it that it is the one that the app emits. */
function committedContract (): Contract {
  return contract ??= new Contract(JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')) as OpenApiDocument)
}

export interface TestAppOptions {
  /** Environment variables that differ from the tests' own. */
  env?: Record<string, string>
  hubLimits?: Partial<HubLimits>
  log?: ReturnType<typeof createLogger>
  /** Whether to wait as short a time as in production, for the database and altogether: on a machine busy with other tests that fails. */
  impatient?: boolean
  /** How long a request may take, in ms, where that isn't as in production: short where one has to fail. */
  answerWithin?: number
  webhooks?: WebhookOptions
  erasure?: ErasureOptions
  scan?: ScanOptions
  /** The folder of a built web app. */
  webApp?: string
  /** Where to note what the OpenAPI document doesn't know. */
  violations?: string[]
}

/**
 * The whole server on a table of its own. It is closed when the test ends; it doesn't listen yet. The test fails if any answer
 * of the server isn't as the OpenAPI document says.
 */
export async function testApp (t: Test, { env, hubLimits, log, impatient = false, answerWithin = 60_000, webhooks, erasure, scan, webApp, violations = [] }: TestAppOptions = {}): Promise<FastifyInstance> {
  const name = `test-${process.pid}-${++tables}`
  // Made by whoever writes into it.
  const folder = join(tmpdir(), `equilux-chat-${name}`)
  const config = await resolveSecrets(loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    JWT_SECRET: jwtSecret,
    RATE_LIMIT_MAX: '0',
    // Nearly all tests let one write many times before the other does.
    FIRST_CONTACT: 'open',
    // What it does of itself would be counted among what requests cost.
    WORKER: 'off',
    ANALYTICS: 'off',
    DYNAMODB: await databaseEndpoint(),
    DYNAMODB_CLIENT: process.env.DYNAMODB_CLIENT ?? 'lean',
    TABLE_NAME: name,
    DATA_DIR: folder,
    ...env
  }))
  const app = await buildApp({
    config,
    hubLimits: { presenceHold: 20, ...hubLimits },
    log: log ?? createLogger(config),
    answerWithin: impatient ? undefined : answerWithin,
    patience: impatient ? undefined : { connect: 20_000, attempt: 20_000 },
    // Others are told of endpoints by nobody, and what is read again and again would be counted among what requests cost.
    webhooks: { maxAge: Infinity, ...webhooks },
    // It need not share the database with anybody.
    erasure: { unitsPerSecond: Infinity, settle: 0, ...erasure },
    scan,
    webApp,
    observer: responseCheck(violations, committedContract)
  })
  t.teardown(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
    if (violations.length > 0) throw new Error(`Answers that the OpenAPI document doesn't know:\n${[...new Set(violations)].join('\n')}`)
  })
  await createTable(app.dynamodb.sdk, config.TABLE_NAME)
  await app.ready()
  await app.webhooks.renew()
  return app
}

/** When all test users have signed in, in seconds since the epoch: a later sign-in of one is taken note of in the table. */
const signedInAt = Math.floor(Date.now() / 1000)

/** A user of an app, who makes requests with a token. */
export class TestUser {
  readonly token: string

  constructor (readonly app: FastifyInstance, readonly id: string, claims: object = {}) {
    this.token = app.jwt.sign({ sub: id, iat: signedInAt, ...claims }, { expiresIn: '1h' })
  }

  async request (options: InjectOptions) {
    return await this.app.inject({ ...options, headers: { authorization: `Bearer ${this.token}`, ...options.headers } })
  }

  /** GET below /api/messages. */
  async get (path: string) {
    return await this.request({ method: 'GET', url: `/api/messages${path}` })
  }

  /** POST below /api/messages. */
  async post (path: string, payload: object, headers: Record<string, string> = {}) {
    return await this.request({ method: 'POST', url: `/api/messages${path}`, payload, headers })
  }

  /** PUT below /api/me. */
  async put (path: string, payload?: object) {
    return await this.request({ method: 'PUT', url: `/api/me${path}`, payload })
  }

  /** DELETE below /api/me. */
  async delete (path: string) {
    return await this.request({ method: 'DELETE', url: `/api/me${path}` })
  }

  /** Sends a text and returns the response. */
  async say (to: string, text: string, headers: Record<string, string> = {}) {
    return await this.post(`/${encodeURIComponent(to)}`, { text }, headers)
  }
}

/** Lets an app listen on a free port of this host. */
export async function listen (app: FastifyInstance): Promise<string> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

/** Keeps the frames that come and gives them out in turn. */
class Inbox {
  readonly received: ServerFrame[] = []
  #wake: () => void = () => {}
  #taken = 0

  protected take (frame: ServerFrame): void {
    this.received.push(frame)
    this.#wake()
  }

  /** The next frame of a type that was not taken before; frames before it are passed over. */
  async next<Type extends ServerFrame['type']> (type: Type, patience = 30_000): Promise<ServerFrames[Type]> {
    const end = Date.now() + patience
    for (;;) {
      while (this.#taken < this.received.length) {
        const frame = this.received[this.#taken++] as ServerFrame
        if (frame.type === type) return frame as ServerFrames[Type]
      }
      const left = end - Date.now()
      if (left <= 0) throw new Error(`No ${type} came; there were ${this.received.map(frame => frame.type).join(', ')}`)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => { clearTimeout(timer); resolve() }
      })
    }
  }
}

/** A stream of Server-Sent Events that keeps them as frames, the id of an event as its cursor. */
export class TestStream extends Inbox {
  readonly closed: Promise<void>
  /** Why the response broke off, if it did. */
  failed: unknown

  private constructor (private readonly response: Response) {
    super()
    this.closed = this.#read().catch(error => { this.failed = error })
  }

  /** Opens a stream and waits until it is connected. */
  static async open (t: Test, url: string, headers: Record<string, string>, query = ''): Promise<TestStream> {
    const abort = new AbortController()
    const stream = new TestStream(await fetch(`${url}/api/events${query}`, { headers, signal: abort.signal }))
    t.teardown(() => abort.abort())
    await stream.next('connected')
    return stream
  }

  async #read () {
    let text = ''
    for await (const chunk of this.response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(text.slice(0, end).split('\n').map(line => line.split(/: (.*)/s)))
        text = text.slice(end + 2)
        if (fields.event !== undefined) this.take({ type: fields.event, cursor: fields.id, data: JSON.parse(fields.data) } as ServerFrame)
      }
    }
  }
}

/** A WebSocket that keeps every frame it gets. */
export class TestSocket extends Inbox {
  readonly closed: Promise<{ code: number, reason: string }>
  readonly socket: WebSocket

  constructor (url: string, headers: Record<string, string> = {}) {
    super()
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws`, { headers })
    this.socket.on('message', data => this.take(JSON.parse(String(data)) as ServerFrame))
    this.socket.on('error', () => {})
    this.closed = new Promise(resolve => this.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })))
  }

  /** Opens a socket for a user and waits until it is connected. */
  static async open (t: Test, url: string, user: TestUser): Promise<TestSocket> {
    const socket = new TestSocket(url, { authorization: `Bearer ${user.token}` })
    t.teardown(() => socket.socket.terminate())
    await socket.next('connected')
    return socket
  }

  send (frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame))
  }

  /** Waits until everything sent before has been answered: frames are handled in order. */
  async settle (id = `settle-${Math.random()}`): Promise<void> {
    this.send({ type: 'pong', id })
    while ((await this.next('ack')).id !== id);
  }
}

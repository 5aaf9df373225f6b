import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { SignJWT } from 'jose'

const version = '4.32.5'
const secret = 'a secret that only these tests know and use'

/** Runs a program to its end, its output being this one's. @returns its exit code */
async function run (program: string, ...args: string[]): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit' })
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(code ?? 1))
  })
}

/** Schemathesis in a virtual environment of its own, which is kept for the next time. @returns its path */
async function install (): Promise<string> {
  const folder = join(tmpdir(), `equilux-chat-schemathesis-${version}-${userInfo().uid}`)
  const program = join(folder, 'bin', 'schemathesis')
  if (existsSync(program)) return program
  await rm(folder, { recursive: true, force: true })
  if (await run('python3', '-m', 'venv', folder) !== 0) {
    throw new Error('No virtual environment could be made: Schemathesis needs Python 3.10 or later with venv (Debian: apt-get install python3-venv)')
  }
  if (await run(join(folder, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`) !== 0) {
    await rm(folder, { recursive: true })
    throw new Error('Schemathesis could not be installed')
  }
  return program
}

/** The server as a process on an empty database. */
class Server {
  /** Lines of its log that tell of a fault. */
  readonly faults: string[] = []
  readonly url: Promise<string>
  readonly ended: Promise<number | null>
  readonly #child: ChildProcess

  constructor (dataDir: string) {
    this.#child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'test',
        NODE_NO_WARNINGS: '1',
        HOST: '127.0.0.1',
        PORT: '0',
        JWT_SECRET: secret,
        DATA_DIR: dataDir,
        FIRST_CONTACT: 'open',
        RATE_LIMIT_MAX: '0'
      }
    })
    this.ended = new Promise(resolve => this.#child.once('exit', code => resolve(code)))
    this.url = new Promise((resolve, reject) => {
      createInterface(this.#child.stdout!).on('line', line => {
        const { level, msg } = JSON.parse(line) as { level: number, msg: string }
        if (level >= 50) this.faults.push(line)
        const url = /listening at (http:\S+)/.exec(msg)?.[1]
        if (url !== undefined) resolve(url)
      })
      this.#child.once('exit', code => reject(new Error(`The server ended with ${code}`)))
    })
  }

  /** Asks it to end. @returns its exit code */
  async stop (): Promise<number | null> {
    this.#child.kill('SIGTERM')
    return await this.ended
  }
}

async function tokenOf (userId: string): Promise<string> {
  return await new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(userId).setExpirationTime('1h').sign(Buffer.from(secret))
}

/** A key of an integration with every scope, made beside the server that runs. */
async function integrationKey (dataDir: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import', 'tsx', 'src/commands/integration.ts', 'create', 'Tester', '--scopes', 'trades,messages,settlement,moderation,analytics'
  ], { env: { PATH: process.env.PATH, NODE_ENV: 'test', NODE_NO_WARNINGS: '1', DATA_DIR: dataDir } })
  return stdout.trim()
}

/** What is asked with a key; all else with a user's token. */
const ofIntegrations = '^/api/integrations/'

/** Something to find: the links of listings lead nowhere while there is nothing to list. */
async function populate (url: string, users: string[]) {
  const startTime = new Date(Date.now() + 86_400_000).toISOString()
  const bodies = [{ text: 'hello' }, { messageType: 'tradeOffer', pricePerUnit: 0.27, totalAmount: 12.5, startTime }]
  for (const from of users) {
    const headers = { authorization: `Bearer ${await tokenOf(from)}`, 'content-type': 'application/json' }
    for (const to of users.filter(user => user !== from)) {
      for (const body of bodies) {
        const response = await fetch(`${url}/api/messages/${to}`, { method: 'POST', headers, body: JSON.stringify(body) })
        if (response.status !== 201) throw new Error(await response.text())
      }
    }
  }
}

/** Drives a live server from its OpenAPI document. @returns what went wrong */
async function test (): Promise<string[]> {
  const schemathesis = await install()
  const dataDir = await mkdtemp(join(tmpdir(), 'equilux-chat-'))
  const server = new Server(dataDir)
  const wrong: string[] = []
  try {
    const url = await server.url
    await populate(url, ['tester', 'alice', 'bob'])
    for (const [selection, credential] of [
      [`--exclude-path-regex=${ofIntegrations}`, await tokenOf('tester')], [`--include-path-regex=${ofIntegrations}`, await integrationKey(dataDir)]
    ] as const) {
      const code = await run(schemathesis, '--config-file', 'test/api/schemathesis.toml', 'run', `${url}/openapi.json`,
        '--header', `Authorization: Bearer ${credential}`, selection, ...process.argv.slice(2))
      if (code !== 0) wrong.push(`Schemathesis ended with ${code}`)
    }
    const health = await fetch(`${url}/health`)
    if (health.status !== 200) wrong.push(`/health answers ${health.status}`)
  } finally {
    const code = await server.stop()
    if (code !== 0) wrong.push(`The server ended with ${code}`)
    await rm(dataDir, { recursive: true, force: true })
  }
  if (server.faults.length > 0) wrong.push(`The server logged ${server.faults.length} faults:`, ...server.faults.slice(0, 10))
  return wrong
}

const wrong = await test()
process.stderr.write(wrong.map(line => `${line}\n`).join(''))
process.exitCode = wrong.length === 0 ? 0 : 1

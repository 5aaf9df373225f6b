import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'

const run = promisify(execFile)

/** A folder of somebody else, who has installed the packed package and the tools to build with. */
export class Project {
  private constructor (readonly folder: string) {}

  static async create (t: Test): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), 'equilux-project-'))
    t.teardown(async () => await rm(folder, { recursive: true, force: true }))
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder])
    const project = new Project(folder)
    await project.write('package.json', JSON.stringify({ name: 'project', version: '1.0.0', type: 'module', private: true }))
    const tools = ['typescript@6', 'esbuild@0.28', '@types/node@20']
    await project.run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${stdout.trim().split('\n').at(-1)}`, ...tools)
    return project
  }

  async write (name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text)
  }

  /** Runs a program here. @throws with its output if it fails */
  async run (program: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(program, args, { cwd: this.folder })
    return stdout
  }

  /** Runs a program here that Node knows, with an environment of its own. */
  async node (args: string[], env: Record<string, string>): Promise<string> {
    const { stdout } = await run(process.execPath, args, { cwd: this.folder, env: { ...process.env, ...env }, timeout: 20_000 })
    return stdout
  }

  /** Type-checks files and returns the errors as `file:line code`, in order. */
  async typeErrors (files: string[], options: string[]): Promise<string[]> {
    const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--pretty', 'false']
    const output = await this.run('npx', 'tsc', '--ignoreConfig', '--noEmit', '--target', 'es2022', ...strict, ...options, ...files).then(
      stdout => stdout, (error: { stdout: string }) => error.stdout)
    return output.split('\n').filter(line => /^\S/.test(line)).map(line => {
      const [, file, row, code] = /^(\S+)\((\d+),\d+\): error (TS\d+):/.exec(line) ?? []
      return code === undefined ? line : `${file}:${row} ${code}`
    })
  }

  /** Starts the server that came with the package, with a database of its own. @returns where it is */
  async serve (t: Test, env: Record<string, string>): Promise<string> {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const child = spawn(process.execPath, ['node_modules/equilux-chat/dist/src/server.js'], {
      cwd: this.folder, env: { ...process.env, NODE_ENV: 'test', LOG_LEVEL: 'warn', HOST: '127.0.0.1', PORT: String(port), ...env }, stdio: ['ignore', 'inherit', 'ignore']
    })
    t.teardown(async () => {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    })
    for (;;) {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`)
      if (await fetch(`${url}/health`).then(({ ok }) => ok, () => false)) return url
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

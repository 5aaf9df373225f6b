import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'

const run = promisify(execFile)

async function emptyFolder (t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'equilux-project-'))
  t.teardown(async () => await rm(folder, { recursive: true, force: true }))
  return folder
}

/** Packs the client as for the registry. @returns the file */
export async function pack (t: Test): Promise<string> {
  const folder = await emptyFolder(t)
  const { stdout } = await run('npm', ['pack', '--silent', '--workspace', 'client', '--pack-destination', folder])
  return join(folder, stdout.trim().split('\n').at(-1) ?? '')
}

/** A folder of somebody else. */
export class Project {
  private constructor (readonly folder: string) {}

  static async create (t: Test): Promise<Project> {
    const project = new Project(await emptyFolder(t))
    await project.write('package.json', JSON.stringify({ name: 'project', version: '1.0.0', type: 'module', private: true }))
    return project
  }

  async install (...packages: string[]): Promise<void> {
    await this.run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...packages)
  }

  async write (name: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, name)), { recursive: true })
    await writeFile(join(this.folder, name), text)
  }

  /** The files below a folder here, and how large they are together, in bytes. */
  async files (below: string): Promise<{ names: string[], size: number }> {
    const entries = await readdir(join(this.folder, below), { recursive: true, withFileTypes: true })
    const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    const sizes = await Promise.all(paths.map(async path => (await stat(path)).size))
    return { names: paths.map(path => relative(join(this.folder, below), path)).sort(), size: sizes.reduce((sum, size) => sum + size, 0) }
  }

  /** Runs a program here. @throws with its output if it fails */
  async run (program: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(program, args, { cwd: this.folder })
    return stdout
  }

  /** Runs a program here that Node knows, with an environment of its own. */
  async node (args: string[], env: Record<string, string>): Promise<string> {
    const { stdout } = await run(process.execPath, args, { cwd: this.folder, env: { ...process.env, ...env }, timeout: 60_000 })
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
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Test } from 'tap'

const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'
]

/** Tells the page's server what the page writes to the console, and what goes wrong in it. */
const reporter = `
const report = (kind, text) => fetch('/report', { method: 'POST', body: JSON.stringify({ kind, text }) })
let last = Promise.resolve()
console.log = (...values) => { last = last.then(() => report('log', values.join(' '))) }
addEventListener('error', event => report('error', event.message))
addEventListener('unhandledrejection', event => report('error', String(event.reason)))
`

/** A page on an origin of its own, which runs a script that is set later. */
export async function openPage (t: Test) {
  const page = { script: '', lines: [] as string[], errors: [] as string[], origin: '' }
  const server = createServer((request, response) => {
    if (request.url === '/report') {
      let body = ''
      request.on('data', chunk => { body += chunk }).on('end', () => {
        const { kind, text } = JSON.parse(body) as { kind: string, text: string }
        if (kind === 'log') page.lines.push(text)
        else page.errors.push(text)
        response.end()
      })
    } else if (request.url === '/program.js') {
      response.setHeader('content-type', 'text/javascript').end(page.script)
    } else {
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html><meta charset="utf-8"><script>${reporter}</script><script type="module" src="/program.js"></script>`)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  page.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return page
}

/** Shows a page in headless Chromium until something holds. */
export async function browse (url: string, until: () => boolean): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'equilux-browser-'))
  // A group of its own, which ends as one: Chromium is many processes.
  const child = spawn(await chromium(), [...flags, `--user-data-dir=${profile}`, '--remote-debugging-port=0', url], { detached: true, stdio: 'ignore' })
  const exit = once(child, 'exit')
  const end = Date.now() + 20_000
  while (!until() && Date.now() < end && child.exitCode === null) await new Promise(resolve => setTimeout(resolve, 20))
  if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL')
  await exit
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
}

async function chromium (): Promise<string> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      const file = join(folder, name)
      if (await access(file).then(() => true, () => false)) return file
    }
  }
  throw new Error('Chromium is not on the PATH: apt-get install chromium, or whatever installs it here')
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'puppeteer-core'
import type { Test } from 'tap'
import { until } from '../support/live.js'

/** A page on an origin of its own, whose script is set later. */
export class ScriptPage {
  script = ''
  /** What the script loads later, by path. */
  parts: Readonly<Record<string, string>> = {}

  private constructor (readonly origin: string) {}

  static async open (t: Test): Promise<ScriptPage> {
    const server = createServer((request, response) => {
      const script = request.url === '/program.js' ? page.script : page.parts[request.url ?? '']
      if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script)
      else response.setHeader('content-type', 'text/html').end('<!doctype html><meta charset="utf-8"><script type="module" src="/program.js"></script>')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => {
      server.close()
      server.closeAllConnections()
    })
    const page = new ScriptPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    return page
  }

  /** Shows it until it has written so many lines to the console, or something goes wrong in it. */
  async show (browser: Browser, count: number): Promise<{ lines: string[], errors: string[] }> {
    const lines: string[] = []
    const errors: string[] = []
    const page = await browser.newPage()
    page.on('console', message => { (message.type() === 'log' ? lines : errors).push(message.text()) })
    page.on('pageerror', error => { errors.push(String(error)) })
    await page.goto(this.origin)
    await until('the page has said all', () => lines.length >= count || errors.length > 0, 20_000)
    await page.close()
    return { lines, errors }
  }
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { Browser, EvaluateFunc, Page } from 'puppeteer-core'
import type { Test } from 'tap'
import { tokenUntil } from '../support/live.js'

/** How long a page may take for something to come about, on a machine busy with other tests. */
export const patience = 60_000

/** Somebody's site with a chat on it. Each user has an origin, `http://USER.localhost`, as if it were a browser of their own. */
export class ChatSite {
  readonly #port: number
  readonly errors: string[] = []

  private constructor (port: number) {
    this.#port = port
  }

  /**
   * Serves a page with a script, bundled as an app's is.
   * @param script a TypeScript file
   * @param chatUrl where the chat server is, which the page is told
   */
  static async open (t: Test, script: string, chatUrl: string): Promise<ChatSite> {
    const { outputFiles: [bundle] } = await build({
      entryPoints: [script],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'error'
    })
    const server = createServer((request, response) => {
      if (request.url === '/app.js') return response.setHeader('content-type', 'text/javascript').end(bundle?.contents)
      if (request.url === '/chat-token') return response.end(tokenUntil(request.headers.host?.split('.')[0] ?? '', Date.now() + 3600_000))
      response.setHeader('content-type', 'text/html')
        .end(`<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><body data-chat-url="${chatUrl}"><script type="module" src="/app.js"></script>`)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => {
      server.close()
      server.closeAllConnections()
    })
    return new ChatSite((server.address() as AddressInfo).port)
  }

  /** Opens a tab of a user. @param path of the page, e.g. `#bob` */
  async visit (browser: Browser, user: string, path = ''): Promise<Page> {
    const page = await browser.newPage()
    page.setDefaultTimeout(patience)
    page.on('pageerror', error => { this.errors.push(`${user}: ${error}`) })
    await page.goto(this.urlOf(user, path))
    return page
  }

  urlOf (user: string, path = ''): string {
    return `http://${user}.localhost:${this.#port}/${path}`
  }
}

/** Waits until a page shows a text in what a selector finds. */
export async function shows (page: Page, selector: string, text: string): Promise<void> {
  await waitFor(page, (selector, text) => Array.from(document.querySelectorAll(selector), ({ textContent }) => textContent).some(shown => shown?.includes(text)), selector, text)
}

/** Waits until something holds in a page. */
export async function waitFor<Args extends unknown[]> (page: Page, holds: EvaluateFunc<Args>, ...args: Args): Promise<void> {
  // Hidden tabs have no animation frames to look at.
  await page.waitForFunction(holds, { polling: 50, timeout: patience }, ...args)
}

/** Writes a message as a user does: into the form of the page. */
export async function write (page: Page, text: string): Promise<void> {
  await page.evaluate(text => {
    const form = document.querySelector('form')
    const input = form?.querySelector('input')
    if (!form || !input) throw new Error('There is no form to write into')
    input.value = text
    form.requestSubmit()
  }, text)
}

/** What the messages on a page say, in their order. */
export async function textsOn (page: Page): Promise<string[]> {
  return await page.$$eval('li > span', spans => spans.map(({ textContent }) => textContent ?? ''))
}

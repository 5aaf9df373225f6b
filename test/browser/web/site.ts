import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { chromium, type Browser, type Page } from 'playwright-core'
import root, { type Test } from 'tap'
import { chromium as findChromium } from '../../support/chromium.js'
import { listen, testApp, type TestAppOptions } from '../../support/helper.js'

export { axe } from '../../support/axe.js'

/** How long something may take on a machine that is busy with other tests, in ms. */
export const patience = 60_000

/** The app as `npm run -w web build` makes it. */
export const built = join(import.meta.dirname, '../../../web/dist')

export interface Site {
  url: string
  app: FastifyInstance
  browser: Browser
}

/** The real server with the built app, where a name is enough to sign in, which ends with the test; and a browser to look at it, which all of a process share. */
export async function startSite (t: Test, options: TestAppOptions = {}): Promise<Site> {
  if (!existsSync(join(built, 'index.html'))) throw new Error('The web app is not built: npm run -w web build')
  const app = await testApp(t, { webApp: built, ...options, env: { NODE_ENV: 'development', ...options.env } })
  const url = await listen(app)
  return { url, app, browser: await sharedBrowser() }
}

/** The browser that all of a process share. */
export async function sharedBrowser (): Promise<Browser> {
  return await (browser ??= startBrowser())
}

let browser: Promise<Browser> | undefined

async function startBrowser (): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--disable-gpu', '--disable-quic', '--disable-dev-shm-usage'] })
  root.teardown(() => browser.close())
  return browser
}

export interface PageOptions {
  /** Whether the app may be kept for when there is no network, which takes a while. */
  serviceWorker?: boolean

  /** What the browser says that its user reads: a BCP 47 tag. */
  locale?: string
  timeZone?: string
  width?: number
  height?: number
  dark?: boolean
  path?: string
}

/**
 * A page in a browser profile of its own, as another person would have. What goes wrong in it fails the test: exceptions, and what
 * the policy of what it may load refuses.
 */
export async function openPage (t: Test, { url, browser }: Pick<Site, 'url' | 'browser'>, options: PageOptions = {}): Promise<Page> {
  const { locale = 'en-GB', timeZone = 'Europe/Berlin', width = 1280, height = 800, dark = false, path = '/', serviceWorker = false } = options
  const context = await browser.newContext({
    locale, timezoneId: timeZone, viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce'
  })
  if (!serviceWorker) await context.addInitScript(() => { delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker })
  const page = await context.newPage()
  page.setDefaultTimeout(patience)
  const errors: string[] = []
  page.on('pageerror', error => { errors.push(String(error.stack ?? error)) })
  page.on('console', message => {
    if (message.type() === 'error' && message.text().includes('Content Security Policy')) errors.push(message.text())
  })
  t.teardown(async () => {
    if (!t.passing()) console.error(`${page.url()} showed as "${t.name}" failed:\n${await page.locator('body').ariaSnapshot().catch(String)}`)
    await context.close()
    if (errors.length > 0) throw new Error(`In the page of ${path} went wrong:\n${errors.join('\n')}`)
  })
  await page.goto(url + path)
  return page
}

/** Signs in with a name, and waits until the first view is there. */
export async function signIn (page: Page, name: string): Promise<void> {
  await page.locator('input[name=name]').fill(name)
  await page.keyboard.press('Enter')
  await page.locator('main#main').waitFor()
}

// Makes the pictures of analytics that the README shows, of the demonstration as it starts: npm run docs:pictures (needs Chromium)
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { cast } from '../../docs/examples/demo/cast.js'
import { chromium as findChromium } from '../support/chromium.js'
import { countedInDemo, startDemo } from '../support/demo.js'

const images = join(import.meta.dirname, '../../docs/images')
const folder = await mkdtemp(join(tmpdir(), 'equilux-demo-'))
const demo = await startDemo(folder)
const browser = await chromium.launch({ executablePath: await findChromium() })
try {
  // Until what nobody answers has run out.
  while ((await countedInDemo(demo.url, 'Nora')).analytics.totals.expired < cast.length) await sleep(500)
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 1400 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(`${demo.url}/sign-in`)
  await page.locator('input[name=name]').fill('Nora')
  await page.keyboard.press('Enter')
  await page.locator('main#main').waitFor()
  // Of the days before there is nothing to see yet.
  const [from, to] = [0, 7].map(days => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10))
  await page.goto(`${demo.url}/analytics?${new URLSearchParams({ from: from!, to: to!, zone: 'UTC' })}`)
  await page.locator('canvas').nth(2).waitFor()
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(images, 'analytics.png') })
} finally {
  await browser.close()
  await demo.stop()
  await rm(folder, { recursive: true })
}

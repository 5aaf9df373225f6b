import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { launch, type Browser } from 'puppeteer-core'
import type { Test } from 'tap'

/** Headless Chromium, which ends with the test. */
export async function startChromium (t: Test): Promise<Browser> {
  const browser = await launch({
    executablePath: await chromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage']
  })
  t.teardown(() => browser.close())
  return browser
}

/** Where Chromium is. */
export async function chromium (): Promise<string> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      const file = join(folder, name)
      if (await access(file).then(() => true, () => false)) return file
    }
  }
  throw new Error('Chromium is not on the PATH: apt-get install chromium, or whatever installs it here')
}

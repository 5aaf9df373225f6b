import { readFile } from 'node:fs/promises'
import type { Download, Page, Route } from 'playwright-core'
import t, { type Test } from 'tap'
import { TestUser } from '../../support/helper.js'
import { userIdOf } from './history.js'
import { give, loadProfile, noted, photo, polyglot, type MadeFile } from './made-files.js'
import { axe, openPage, signIn, startSite, type PageOptions } from './site.js'
import { pseudo, untranslated } from './words.js'

interface Sent { attachments?: Array<{ attachmentId: string, fileName: string, mediaType: string, width?: number, height?: number, thumbHash?: string }> }

const site = await startSite(t)
const { app, url } = site

/** Two people, each in the thread with the other. */
async function two (t: Test, names: [string, string], options: [PageOptions?, PageOptions?] = []) {
  const people = await Promise.all(names.map(async (name, index) => {
    const page = await openPage(t, site, options[index])
    await signIn(page, name)
    return { page, user: new TestUser(app, await userIdOf(app, name), { name }) }
  }))
  const [one, other] = people as [typeof people[0], typeof people[0]]
  await Promise.all([one.page.goto(`${url}/conversations/${other.user.id}`), other.page.goto(`${url}/conversations/${one.user.id}`)])
  await Promise.all(people.map(({ page }) => page.locator('textarea').waitFor()))
  return { one, other }
}

const choose = async (page: Page, ...files: MadeFile[]) => await page.locator('input[type=file]:not([capture])').first().setInputFiles(files)
const press = async (page: Page, name: string | RegExp) => await page.getByRole('button', { name }).last().click()
const drafts = (page: Page) => page.getByRole('list', { name: 'Files to send' }).getByRole('listitem')
const isUpload = (url: URL) => /\/api\/attachments\/.*\/content/.test(url.pathname)

/** Waits until all files are uploaded, and sends them. */
async function send (page: Page) {
  await page.locator('button[type=submit]:enabled').click()
  await drafts(page).first().waitFor({ state: 'detached' })
}

/** What the last message between two has. */
async function lastSent (user: TestUser, other: TestUser): Promise<Sent> {
  return (await user.get(`/${other.id}`)).json<{ messages: Sent[] }>().messages[0] ?? {}
}

async function downloadUrl (user: TestUser, attachmentId: string): Promise<string> {
  const response = await user.request({ method: 'GET', url: `/api/attachments/${attachmentId}`, headers: { host: new URL(url).host } })
  return response.json<{ download: { url: string } }>().download.url
}

const contentOf = async (download: Download) => await readFile(await download.path())

t.test('a photo arrives upright and small, without what the camera noted, and opens large', async t => {
  const { one: anna, other: ben } = await two(t, ['Anna', 'Ben'], [{}, { width: 360, height: 740, dark: true }])
  const made = await photo(anna.page)
  t.ok(made.buffer.includes(noted) && made.buffer.includes('Exif'))
  await choose(anna.page, made)
  await drafts(anna.page).getByText('Ready to send').waitFor()
  t.same(await axe(anna.page), [])
  await send(anna.page)

  await press(ben.page, /Open the photo .?meter\.jpg/)
  const dialog = ben.page.getByRole('dialog', { name: 'Photo' })
  const image = dialog.getByRole('img', { name: 'meter.jpg' })
  await image.waitFor()
  t.same(await image.evaluate((image: HTMLImageElement) => image.decode().then(() => [image.naturalWidth, image.naturalHeight])), [800, 1600])
  t.match(await image.getAttribute('src'), /^blob:/)
  t.same(await axe(ben.page), [])
  t.equal(await ben.page.evaluate(() => document.documentElement.scrollWidth), 360)
  const [download] = await Promise.all([ben.page.waitForEvent('download'), dialog.getByRole('button', { name: 'Download' }).click()])
  t.equal(download.suggestedFilename(), 'meter.jpg')

  const { attachments: [sent] = [] } = await lastSent(anna.user, ben.user)
  t.match(sent, { fileName: 'meter.jpg', mediaType: 'image/jpeg', width: 800, height: 1600, thumbHash: /^[\w+/]{20,}=*$/ })
  const stored = (await app.inject(await downloadUrl(ben.user, sent!.attachmentId))).rawPayload
  t.same(await contentOf(download), stored)
  t.notOk(stored.includes(noted) || stored.includes('Exif'))
  await ben.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  t.match(await ben.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), /meter\.jpg/, 'the keyboard goes on where it was')
  t.same(await axe(ben.page), [])
})

t.test('a contract and a load profile arrive: one to be saved, the other as a chart with its numbers', async t => {
  const { one: carla, other: dora } = await two(t, ['Carla', 'Dora'])
  await choose(carla.page, polyglot(), loadProfile())
  await carla.page.locator('textarea').fill('As agreed')
  await drafts(carla.page).getByText('Ready to send').nth(1).waitFor()
  await send(carla.page)
  await carla.page.getByRole('link', { name: /Dora/ }).getByText(/You: .?As agreed.? · 2 files/).waitFor()
  await dora.page.getByRole('log').getByText(/As agreed.? · 2 files/).waitFor({ state: 'attached' })
  await dora.page.getByText('24.75 kWh in all.').waitFor()
  await dora.page.getByText(/96 values from .?00:00.? to .?23:45.?\..*At most 1\u00a0kWh, at .?12:00/).waitFor()
  t.same(await axe(dora.page), [])
  await press(dora.page, 'Numbers')
  const numbers = dora.page.getByRole('dialog', { name: 'Load profile' })
  await numbers.getByRole('row').nth(96).waitFor()
  t.equal(await numbers.getByRole('row').nth(49).textContent(), '12:001\u00a0kWh')
  t.same(await axe(dora.page), [])
  await dora.page.keyboard.press('Escape')

  const [download] = await Promise.all([dora.page.waitForEvent('download'), press(dora.page, /Download .?contract\.pdf/)])
  t.equal(download.suggestedFilename(), 'contract.pdf')
  t.same(await contentOf(download), polyglot().buffer)

  // Whoever opens the address itself gets a file as well, and nothing of it runs.
  const { attachments: [contract] = [] } = await lastSent(carla.user, dora.user)
  const address = await downloadUrl(dora.user, contract!.attachmentId)
  const tab = await dora.page.context().newPage()
  const [saved] = await Promise.all([tab.waitForEvent('download'), tab.goto(address).catch(() => undefined)])
  t.equal(saved.suggestedFilename(), 'contract.pdf')
  t.same([tab.url(), await tab.title()], ['about:blank', ''])
})

t.test('files are dropped on the thread and pasted into the field; words beside a picture are words', async t => {
  const { one: emil, other: fay } = await two(t, ['Emil', 'Fay'])
  await give(emil.page, 'drop', 'textarea', [loadProfile('dropped.csv')])
  await drafts(emil.page).filter({ hasText: 'dropped.csv' }).getByText('Ready to send').waitFor()
  await give(emil.page, 'paste', 'textarea', [await photo(emil.page, 'pasted.jpg', 100, 50)])
  await drafts(emil.page).filter({ hasText: 'pasted.jpg' }).getByText('Ready to send').waitFor()
  await press(emil.page, /Remove .?dropped\.csv/)
  t.equal(await emil.page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA')
  await emil.page.keyboard.press('Enter')
  await fay.page.getByRole('button', { name: /Open the photo .?pasted\.jpg/ }).waitFor()
  t.equal(await fay.page.getByText('dropped.csv').count(), 0)
})

t.test('an upload can be called off, and one that was cut off goes on as the same', async t => {
  const { one: gus, other: hedy } = await two(t, ['Gus', 'Hedy'])
  let cut: (route: Route) => Promise<void> = async () => {}
  await gus.page.route(isUpload, async route => await cut(route))
  await choose(gus.page, loadProfile('held.csv'))
  await drafts(gus.page).getByText('Uploading').waitFor()
  t.equal(await gus.page.getByRole('button', { name: 'Send' }).isDisabled(), true)
  await gus.page.getByText('The message can be sent once the files are uploaded.').waitFor()
  t.same(await axe(gus.page), [])
  await press(gus.page, /Cancel the upload of .?held\.csv/)
  await drafts(gus.page).waitFor({ state: 'detached' })

  cut = async route => await route.abort()
  const asked: string[] = []
  gus.page.on('response', async response => {
    if (response.request().method() === 'POST' && response.url().endsWith('/api/attachments')) asked.push((await response.json() as { attachmentId: string }).attachmentId)
  })
  await choose(gus.page, loadProfile('cut.csv'))
  await drafts(gus.page).getByText('Not uploaded').waitFor()
  t.same(await axe(gus.page), [])
  cut = async route => await route.continue()
  await press(gus.page, /Upload .?cut\.csv.? again/)
  await drafts(gus.page).getByText('Ready to send').waitFor()
  await send(gus.page)
  await hedy.page.getByText('cut.csv').first().waitFor()
  const { attachments: [sent] = [] } = await lastSent(gus.user, hedy.user)
  t.ok(asked.length > 1 && asked.every(attachmentId => attachmentId === sent?.attachmentId), 'it was one file all along')
})

t.test('what can\'t be sent is told before it is uploaded, and where nothing can there is no button', async t => {
  const { one: ivo } = await two(t, ['Ivo', 'Jana'])
  const of = (name: string, mimeType: string, size: number) => ({ name, mimeType, buffer: Buffer.alloc(size, 'x') })
  const asked: string[] = []
  ivo.page.on('request', request => { if (request.url().includes('/api/attachments')) asked.push(request.url()) })
  await choose(ivo.page, of('page.html', 'text/html', 3), of('big.pdf', 'application/pdf', 11 * 2 ** 20), of('broken.jpg', 'image/jpeg', 5))
  await ivo.page.getByText(/page\.html: Files of this type can’t be sent\./).waitFor()
  await ivo.page.getByText('big.pdf: The file is too large: it may have 10.4 MB at most.').waitFor()
  await drafts(ivo.page).getByText('The image can’t be read.').waitFor()
  t.same(await axe(ivo.page), [])
  t.same(asked, [])
  await press(ivo.page, /Remove .?broken\.jpg/)
  await choose(ivo.page, of('IMG_1.heic', 'image/heic', 5))
  await drafts(ivo.page).getByText('May say where it was taken').waitFor()
  await press(ivo.page, /Remove .?IMG_1\.heic|Cancel the upload of .?IMG_1\.heic/)
  await choose(ivo.page, ...['1', '2', '3', '4', '5'].map(name => loadProfile(`${name}.csv`)))
  await ivo.page.getByText('A message can have 4 files: 1 was left out.').waitFor()
  await drafts(ivo.page).getByText('Ready to send').nth(3).waitFor()

  const config = await (await fetch(`${url}/app-config.json`)).json() as { attachments?: object }
  await ivo.page.route('**/app-config.json', async route => await route.fulfill({ json: { ...config, attachments: undefined } }))
  await ivo.page.reload()
  await ivo.page.locator('textarea').waitFor()
  t.equal(await ivo.page.getByRole('button', { name: 'Attach files' }).count(), 0)
})

t.test('on a phone one can take a photo', async t => {
  const page = await openPage(t, site, { width: 360, height: 740 })
  await page.addInitScript(() => {
    const asked = globalThis.matchMedia.bind(globalThis)
    globalThis.matchMedia = query => query.includes('coarse') ? { ...asked('all'), matches: true } : asked(query)
  })
  await new TestUser(app, 'quinn', { name: 'Quinn' }).get('/users')
  await page.reload()
  await signIn(page, 'Otto')
  await page.goto(`${url}/conversations/quinn`)
  await press(page, 'Attach files')
  const item = page.getByRole('menuitem', { name: 'Take a photo' })
  await item.waitFor()
  t.same(await axe(page), [])
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), item.click()])
  t.equal(await chooser.element().getAttribute('capture'), 'environment')
  await chooser.setFiles(await photo(page, 'taken.jpg', 40, 30))
  await drafts(page).getByText('Ready to send').waitFor()
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360)
})

t.test('what isn\'t what it says is refused with the message, and the words can be taken back', async t => {
  const { one: kai } = await two(t, ['Kai', 'Lola'])
  await choose(kai.page, { ...loadProfile('false.pdf'), mimeType: 'application/pdf' })
  await kai.page.locator('textarea').fill('Look')
  await send(kai.page)
  await kai.page.getByText('The file isn’t what it says it is.').waitFor()
  t.same(await axe(kai.page), [])
  await press(kai.page, 'Edit')
  await kai.page.waitForFunction(() => document.querySelector('textarea')?.value === 'Look')
})

t.test('an offer brings its files', async t => {
  const { one: mia, other: noah } = await two(t, ['Mia', 'Noah'])
  await press(mia.page, 'Make an offer')
  const form = mia.page.getByRole('dialog')
  await form.getByLabel('Energy').fill('12.5')
  await form.getByLabel('Price').fill('0.27')
  await form.locator('input[type=file]').first().setInputFiles(loadProfile())
  await form.getByText('Ready to send').waitFor()
  t.same(await axe(mia.page), [])
  await press(mia.page, 'Send offer')
  await form.waitFor({ state: 'detached' })
  await noah.page.getByText('24.75 kWh in all.').waitFor()
  await noah.page.getByRole('button', { name: 'Accept' }).waitFor()
})

t.test('every word comes from the catalogue, and files read well from right to left', async t => {
  const { one, other } = await two(t, ['123', '456'], [{}, { locale: 'ar', width: 360, height: 740 }])
  await one.page.goto(`${one.page.url()}?locale=en-XA`)
  await one.page.locator('textarea').waitFor()
  await choose(one.page, await photo(one.page, '7.jpg', 300, 200), loadProfile('8.csv'), polyglot('9.pdf'))
  await one.page.getByText(pseudo('files.state.ready')).nth(2).waitFor()
  t.same(await untranslated(one.page), [], 'what is being attached')
  await one.page.locator('button[type=submit]:enabled').click()
  for (const { page } of [one, other]) await page.getByRole('article').locator('svg[viewBox="0 0 96 100"]').waitFor()
  t.same(await untranslated(one.page), [], 'what was sent')
  await one.page.getByRole('button', { name: pseudo('files.numbers') }).click()
  await one.page.getByRole('dialog').getByRole('row').nth(96).waitFor()
  t.same(await untranslated(one.page), [], 'numbers')
  t.same(await axe(other.page), [])
  t.equal(await other.page.evaluate(() => document.documentElement.scrollWidth), 360)
})

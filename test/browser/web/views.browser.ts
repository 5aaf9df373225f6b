import t from 'tap'
import { TestUser } from '../../support/helper.js'
import { axe, openPage, signIn, startSite } from './site.js'

const site = await startSite(t)
await new TestUser(site.app, 'bela', { name: 'Bela' }).say('anna', 'Good morning')

t.test('nothing stands in anybody\'s way: each view on a wide and a narrow screen, light, dark and from right to left', async t => {
  for (const options of [{ dark: true }, { width: 360, height: 740, locale: 'ar' }]) {
    const page = await openPage(t, site, options)
    await signIn(page, 'Anna')
    for (const path of ['/conversations', '/conversations/bela', '/trades', '/settings']) {
      await page.goto(site.url + path)
      await page.locator('main :is(h1, h2):visible').first().waitFor()
      await page.locator('main .animate-spin').waitFor({ state: 'detached' })
      t.same(await axe(page), [], `${path} ${JSON.stringify(options)}`)
      t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path}: nothing sticks out`)
    }
  }
})

import t from 'tap'
import { axe, openPage, signIn, startSite } from './site.js'

const site = await startSite(t)

t.test('a name is enough to be in the app', async t => {
  const page = await openPage(t, site)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  t.same(await axe(page), [])
  await signIn(page, 'Anna')
  await page.getByRole('heading', { name: 'Conversations' }).waitFor()
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import t from 'tap'
import { tokenUntil } from '../../support/live.js'
import { startOidcProvider } from './oidc-provider.js'
import { axe, openPage, signIn, startSite } from './site.js'

const site = await startSite(t)

/** Waits until a page shows who is signed in. */
async function showsAccount (page: Page, name: string) {
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await page.getByRole('main').getByText(name, { exact: true }).first().waitFor()
}

t.test('a name is enough in development: it is asked for beside the field, kept in the tab, and forgotten on signing out', async t => {
  const page = await openPage(t, site, { path: '/settings' })
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  t.same(await axe(page), [])
  t.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'name', 'one can type at once')
  await page.keyboard.press('Enter')
  await page.getByText('Enter a name.').waitFor()
  await signIn(page, 'Anna')
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  t.equal(new URL(page.url()).pathname, '/settings', 'where one wanted to go')
  await page.reload()
  await showsAccount(page, 'anna')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

t.test('a name that can\'t be one is refused in the reader\'s language and stays typed', async t => {
  const page = await openPage(t, site, { locale: 'de' })
  await page.locator('input[name=name]').fill('a\u202eb')
  await page.keyboard.press('Enter')
  await page.getByText('Dieser Name enthält Zeichen').waitFor()
  t.equal(await page.locator('input[name=name]').inputValue(), 'a\u202eb')
})

t.test('with OpenID Connect one signs in elsewhere and comes back to where one was; the token is renewed', async t => {
  const { issuer, clientId, grants } = await startOidcProvider(t, { sub: 'otto', name: 'Otto', firstToken: 30 })
  const other = await startSite(t, {
    env: {
      OIDC_AUTHORITY: issuer,
      OIDC_CLIENT_ID: clientId,
      JWT_SECRET: '',
      JWT_JWKS_URL: `${issuer}/jwks`,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: clientId,
      CURSOR_SECRET: 'a secret for cursors that only the tests know and use'
    }
  })
  const page = await openPage(t, other, { path: '/settings' })
  t.equal(await page.locator('input[name=name]').count(), 0)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  t.notOk(page.url().includes('code='), 'nothing of it stays in the address')
  await showsAccount(page, 'Otto')
  t.same(grants, ['authorization_code', 'refresh_token'], 'what was about to run out is renewed at once')
  await page.reload()
  await showsAccount(page, 'Otto')
})

t.test('a page that embeds the app says who is signed in', async t => {
  let frame = ''
  const around = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<!doctype html><iframe src="${frame}/settings" style="width:900px;height:600px"></iframe><script>
      addEventListener('message', ({ data, origin, source }) => {
        if (origin === '${frame}' && data.type === 'equilux:token-needed') source.postMessage({ type: 'equilux:token', token: '${tokenUntil('emma', Date.now() + 3600_000)}' }, origin)
      })</script>`)
  })
  await once(around.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    around.close()
    around.closeAllConnections()
  })
  const origin = `http://127.0.0.1:${(around.address() as AddressInfo).port}`
  const embedded = await startSite(t, { env: { EMBED_ORIGINS: origin } })
  frame = embedded.url
  const page = await openPage(t, { ...embedded, url: origin })
  await page.frameLocator('iframe').getByRole('main').getByText('emma', { exact: true }).first().waitFor()
})

t.test('a server without a way to sign in says so', async t => {
  const page = await openPage(t, await startSite(t, { env: { NODE_ENV: 'test' } }))
  await page.getByText('This server has no way to sign in yet.').waitFor()
  t.equal(await page.getByRole('button').count(), 0)
})

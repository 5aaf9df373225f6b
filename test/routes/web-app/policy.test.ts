import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import t from 'tap'
import { mediaTypes } from '../../../schemas/attachment.js'
import { libraryStyles } from '../../../src/routes/web-app/content-security-policy.js'
import { appWithWebApp } from './built-app.js'

const issuer = {
  NODE_ENV: 'test', JWT_SECRET: '', JWT_JWKS_URL: 'https://issuer.example/keys', JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'chat', CURSOR_SECRET: 'c'.repeat(32)
}

/** The sources of each directive of a page's policy. */
async function policyOf (app: Awaited<ReturnType<typeof appWithWebApp>>, url = '/'): Promise<Record<string, string>> {
  const { headers } = await app.inject(url)
  return Object.fromEntries(String(headers['content-security-policy']).split('; ').map(directive => directive.split(/ (.*)/s).slice(0, 2)))
}

t.test('a page runs the app\'s scripts only, asks this server only, and can\'t be framed', async t => {
  const app = await appWithWebApp(t)
  for (const url of ['/', '/conversations/bob', '/sw.js', '/assets/main-Ab12.js']) {
    const policy = await policyOf(app, url)
    t.match(policy, {
      'default-src': '\'none\'', 'script-src': '\'self\'', 'connect-src': '\'self\'', 'base-uri': '\'none\'', 'form-action': '\'none\'', 'frame-ancestors': '\'none\''
    }, url)
    t.notMatch(JSON.stringify(policy), /unsafe|\*|https?:/)
    t.equal((await app.inject(url)).headers['x-frame-options'], 'DENY')
  }
})

t.test('it may ask those who sign people in, and be framed by whom the operator names', async t => {
  const app = await appWithWebApp(t, {
    env: {
      ...issuer,
      OIDC_AUTHORITY: 'https://issuer.example/pool',
      OIDC_CLIENT_ID: 'chat',
      OIDC_ORIGINS: 'https://login.example',
      EMBED_ORIGINS: 'https://portal.example,https://other.example:8443'
    }
  })
  const policy = await policyOf(app)
  t.equal(policy['connect-src'], '\'self\' https://issuer.example https://login.example')
  t.equal(policy['frame-ancestors'], 'https://portal.example https://other.example:8443')
  t.equal((await app.inject('/')).headers['x-frame-options'], undefined)
  t.equal((await app.inject('/health')).headers['x-frame-options'], 'DENY', 'nothing else may be framed')
  t.same((await app.inject('/app-config.json')).json(), {
    signIn: {
      name: false,
      oidc: { authority: 'https://issuer.example/pool', clientId: 'chat' },
      embedOrigins: ['https://portal.example', 'https://other.example:8443']
    },
    locales: ['en', 'de', 'fr', 'es', 'ar', 'hi'],
    defaultCurrency: 'EUR',
    attachments: { maxBytes: 10 * 2 ** 20, mediaTypes: [...mediaTypes] }
  })
})

t.test('it may ask the store of files, where that is another host', async t => {
  const asked = async (env: Record<string, string>) => (await policyOf(await appWithWebApp(t, { env })))['connect-src']
  t.equal(await asked({ ATTACHMENTS: 's3://chat-files', AWS_REGION: 'eu-west-1' }), '\'self\' https://chat-files.s3.eu-west-1.amazonaws.com')
  t.equal(await asked({ ATTACHMENTS: 's3://chat.files', AWS_REGION: 'eu-west-1' }), '\'self\' https://s3.eu-west-1.amazonaws.com', 'no certificate is for a name with a dot')
  t.equal(await asked({ ATTACHMENTS: 's3://chat-files?endpoint=https://s3.example.com' }), '\'self\' https://s3.example.com')
  t.equal(await asked({ ATTACHMENTS: 'off' }), '\'self\'')
})

t.test('the app is told whether there are figures', async t => {
  for (const [ANALYTICS, expected] of [['on', true], ['off', undefined]] as const) {
    const app = await appWithWebApp(t, { env: { ANALYTICS } })
    t.equal((await app.inject('/app-config.json')).json<{ analytics?: boolean }>().analytics, expected)
  }
})

t.test('where no files can be attached the app isn\'t told which', async t => {
  const app = await appWithWebApp(t, { env: { ATTACHMENTS: 'off' } })
  t.notOk('attachments' in (await app.inject('/app-config.json')).json<object>())
})

t.test('the styles that it lets the library inject are those that the library injects', async t => {
  const root = createRequire(import.meta.url).resolve('react-aria/package.json').replace(/package\.json$/, 'dist/private/')
  const found = ['interactions/usePress.mjs', 'overlays/usePreventScroll.mjs'].flatMap(file =>
    [...readFileSync(`${root}${file}`, 'utf8').matchAll(/style\.textContent = `(.*?)`\.trim\(\)/gs)].map(([, style]) => style!.trim()))
  t.same(found.map(style => style.replace(/\$\{.*?\}/, 'data-react-aria-pressable')), libraryStyles)
})
